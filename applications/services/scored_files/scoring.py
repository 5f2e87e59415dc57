"""Bringing a file, scoring it, throwing it away."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import audit
from applications.access import visible_applications
from applications.errors import FileRefusedError
from applications.models import Assessment, Kind, Recommendation, ScoredFile, User
from applications.services.assessing.computing import InForce, in_force
from applications.services.predictions import predict_facts, predict_known
from applications.services.scored_files.reading import NUMBER, Read

KEPT_DAYS = 30
AT_ONCE = 1_000
_LONGEST_NAME = 100


def tell_unknown(read: Read, person: User) -> None:
    """Note as faults the numbers of a file that are of no application the person may see."""
    if read.is_of_known:
        seen = _seen(person, [item.number for item in read.items])
        for item in read.items:
            if item.number not in seen and item.number is not None:
                told = {"number": item.number}
                read.tell(item.line, NUMBER, _("there is no application %(number)s among those you may see") % told)


@transaction.atomic
def keep_upload(author: User, *, name: str, content: bytes, read: Read) -> ScoredFile:
    """Keep a file without faults until its author has it scored; older ones and those never scored go.

    Nothing is said of anybody yet, so no audit event is due.
    """
    too_old = timezone.now() - timedelta(days=KEPT_DAYS)
    ScoredFile.objects.filter(uploaded_at__lt=too_old).delete()
    ScoredFile.objects.filter(author=author, results=None).delete()
    return ScoredFile.objects.create(
        author=author,
        name=name[-_LONGEST_NAME:],
        digest=hashlib.sha256(content).hexdigest(),
        lines=len(read.items),
        items=[asdict(item) for item in read.items],
    )


@transaction.atomic
def score_file(file: ScoredFile) -> ScoredFile:
    """Say of each line what the machine in force says, and record that; once only, whoever asks again.

    The facts are dropped then. Raises ModellingError or NoPolicyError when nothing is in force, FileRefusedError when
    the author may not see all the applications it lists any more.
    """
    locked = ScoredFile.objects.select_for_update(of=("self",)).select_related("author").get(pk=file.pk)
    if locked.results is not None:
        return locked
    used = in_force()
    items: list[dict[str, Any]] = locked.items
    known = {item["number"] for item in items if not item["facts"]}
    if known - _seen(locked.author, known):
        raise FileRefusedError(_("You may not see all of these applications any more; bring the file again."))
    batches = [_scored(items[start : start + AT_ONCE], used) for start in range(0, len(items), AT_ONCE)]
    locked.results, locked.items = [result for batch in batches for result in batch], []
    locked.model_version, locked.policy = used.version, used.policy
    locked.save()
    audit.record(Kind.FILE_SCORED, actor=locked.author, subject=locked, data=_facts(locked, used))
    return locked


def _seen(person: User, numbers: Iterable[int | None]) -> set[int]:
    return set(visible_applications(person).filter(pk__in=list(numbers)).values_list("pk", flat=True))


def _scored(items: Sequence[dict[str, Any]], used: InForce) -> list[dict[str, Any]]:
    known = predict_known([each["number"] for each in items if not each["facts"]], used)
    of_facts = iter(predict_facts([each["facts"] for each in items if each["facts"]], used))
    return [_result(each, next(of_facts) if each["facts"] else known[each["number"]]) for each in items]


def _result(item: dict[str, Any], said: Assessment) -> dict[str, Any]:
    return {
        "line": item["line"],
        "number": item["number"],
        "probability": said.probability,
        "recommendation": said.recommendation,
        "risk_level": said.risk_level,
        "raising": [reason["feature"] for reason in said.reasons["raising"]],
        "lowering": [reason["feature"] for reason in said.reasons["lowering"]],
    }


def _facts(file: ScoredFile, used: InForce) -> dict[str, Any]:
    results: list[dict[str, Any]] = file.results or []
    counts = Counter(result["recommendation"] for result in results)
    return {
        "digest": file.digest,
        "results_digest": hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest(),
        "lines": file.lines,
        "model_version": used.version.number,
        "policy": used.policy.pk,
        **{each.value: counts[each.value] for each in Recommendation},
    }
