"""One effect for one Idempotency-Key: the same request again gets the first answer again."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from applications.api.problems import Unprocessable
from applications.models import ApiKey, KeptAnswer

HEADER = "Idempotency-Key"
_LONGEST = 80


def once(request: Request, act: Callable[[], Response]) -> Response:
    """Act, and keep the answer with the effect in one transaction; give a kept answer when there is one.

    Two such requests at once wait for each other at the unique constraint. Without the header, or for a person on the
    site, whose forms have their own guard, it just acts.
    """
    word = request.headers.get(HEADER, "")
    if not word or not isinstance(request.auth, ApiKey):
        return act()
    if len(word) > _LONGEST:
        raise ValidationError({HEADER: _("An idempotency key has 80 characters at most.")})
    digest = sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        kept, is_new = KeptAnswer.objects.get_or_create(
            key=request.auth, word=word, defaults={"request_digest": digest, "status": 0, "body": {}}
        )
        if not is_new:
            return _again(kept, digest)
        response = act()
        kept.status, kept.body = response.status_code, {"data": response.data, "location": response.get("Location", "")}
        kept.save(update_fields=["status", "body"])
        return response


def _again(kept: KeptAnswer, digest: str) -> Response:
    if kept.request_digest != digest:
        raise Unprocessable(_("This idempotency key came before with another body; take a new one for a new request."))
    headers = {"Idempotent-Replay": "true"}
    if kept.body["location"]:
        headers["Location"] = kept.body["location"]
    return Response(kept.body["data"], status=kept.status, headers=headers)
