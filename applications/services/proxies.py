"""Answering for proxies: a feature that tells sex or age beyond the limit stays only with a named person's reason."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from applications import audit
from applications.errors import ProxyError
from applications.models import Kind, ProxyNote, User
from applications.selectors.fairness import unanswered_proxies
from applications.templatetags.fairness_words import attribute_words
from applications.templatetags.scoring_format import number
from modelling.models import ModelVersion
from modelling.training.proxies import Proxy


@transaction.atomic
def note_proxies(version: ModelVersion, *, features: Collection[str], actor: User, reason: str) -> list[ProxyNote]:
    """Record why these features stay in a version although they tell sex or age; one reason for all of them.

    Raises ProxyError without a feature or a reason, and for a feature that needs no note or has one.
    """
    reason = reason.strip()
    if not features:
        raise ProxyError(_("Choose at least one feature that the note is about."))
    if not reason:
        raise ProxyError(_("Say why: the reason is kept in the audit log."))
    ModelVersion.objects.select_for_update().get(pk=version.pk)
    open_ones = {proxy.feature for proxy in unanswered_proxies(version) or ()}
    if strangers := sorted(set(features) - open_ones):
        said = _("No note is needed of %(features)s: it tells too little, or somebody answered for it.")
        raise ProxyError(said % {"features": ", ".join(strangers)})
    notes = [ProxyNote(version=version, feature=name, reason=reason, noted_by=actor) for name in sorted(features)]
    ProxyNote.objects.bulk_create(notes)
    facts = {"number": version.number, "features": sorted(features), "reason": reason}
    audit.record(Kind.PROXY_NOTED, actor=actor, subject=version, data=facts)
    return notes


def check_proxies(version: ModelVersion) -> None:
    """Raise ProxyError when nobody answered for a feature of a version that tells sex or age, or nobody looked."""
    proxies = unanswered_proxies(version)
    if proxies is None:
        said = _("Version %(number)s has no fairness report yet; make one: fairness_report %(number)s.")
        raise ProxyError(said % {"number": version.number})
    if proxies:
        said = _(
            "Features of version %(number)s tell sex or age beyond an AUC of %(limit)s: %(features)s. A named person "
            "says for each, on its fairness page, why it stays."
        )
        named = ", ".join(_named(proxy) for proxy in proxies)
        limit = number(settings.PROXY_AUC_LIMIT, 2)
        raise ProxyError(said % {"number": version.number, "limit": limit, "features": named})


def _named(proxy: Proxy) -> str:
    return f"{proxy.feature} ({attribute_words(proxy.attribute)}, {number(proxy.auc, 3)})"
