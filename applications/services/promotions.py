"""Putting a model version in force: asked for by one person, ruled on by another; rolled back in one step."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import audit
from applications.errors import PromotionError
from applications.models import Kind, PromotionRequest, PromotionState, User
from applications.selectors.fairness import unanswered_proxies
from applications.services.proxies import check_proxies
from modelling import registry
from modelling.models import ModelVersion

State = ModelVersion.State


@transaction.atomic
def promote_first(version: ModelVersion, *, note: str) -> ModelVersion:
    """Put the first version of a site in force: whoever runs it does this alone, for nobody's work is replaced.

    There is nobody yet to answer for its proxies either: they are told with the event, and on the pages until somebody
    does. A rollback does not wait for notes for another reason: it is there for a champion that does harm now.

    Raises PromotionError when a champion is in force already.
    """
    if ModelVersion.objects.filter(state=State.CHAMPION).exists():
        raise PromotionError(_("A champion is in force: another one is asked for by one person, approved by another."))
    return _put_in_force(version, actor=None, note=note)


@transaction.atomic
def request_promotion(version: ModelVersion, *, actor: User, reason: str) -> PromotionRequest:
    """Ask for a version to be put in force; until it is ruled on, the version is the challenger.

    Raises PromotionError when it is in force or asked for already, ProxyError when nobody answered for its proxies,
    BundleError when its bundle is not what was registered or does not fit, ValidationError without a reason.
    """
    registry.fit_bundle_of(version)
    version = registry.name_challenger(version)
    if version.state == State.CHAMPION:
        raise PromotionError(_("Version %(number)s is in force already.") % {"number": version.number})
    if version.promotion_requests.filter(state=PromotionState.OPEN).exists():
        raise PromotionError(
            _("The promotion of version %(number)s is asked for already.") % {"number": version.number}
        )
    check_proxies(version)
    wish = PromotionRequest(version=version, requested_by=actor, reason=reason.strip())
    wish.full_clean()
    wish.save()
    audit.record(Kind.PROMOTION_REQUESTED, actor=actor, subject=wish, data=_facts(wish, reason=wish.reason))
    return wish


@transaction.atomic
def approve(wish: PromotionRequest, *, actor: User, reason: str = "") -> ModelVersion:
    """Put the requested version in force.

    Raises PromotionError for the requester himself and when it is ruled on, ProxyError as `request_promotion` does.
    """
    wish = _open(wish)
    if wish.version.state == State.CHAMPION:
        raise PromotionError(_("Version %(number)s is in force already.") % {"number": wish.version.number})
    check_proxies(wish.version)
    _rule(wish, actor, PromotionState.APPROVED, reason)
    return _put_in_force(wish.version, actor=actor, note=wish.reason, wish=wish)


@transaction.atomic
def refuse(wish: PromotionRequest, *, actor: User, reason: str) -> PromotionRequest:
    """Leave things as they are, with a reason. Raises PromotionError for the requester, and when it is ruled on."""
    wish = _open(wish)
    _rule(wish, actor, PromotionState.REFUSED, reason)
    registry.dismiss_challenger(wish.version)
    audit.record(Kind.PROMOTION_REFUSED, actor=actor, subject=wish, data=_facts(wish, reason=wish.ruling))
    return wish


@transaction.atomic
def withdraw(wish: PromotionRequest, *, actor: User) -> PromotionRequest:
    """Take one's own request back. Raises PromotionError for anyone else, and when it is ruled on."""
    wish = _open(wish)
    if wish.requested_by_id != actor.pk:
        raise PromotionError(_("Only the person who asked can withdraw the request."))
    _rule(wish, actor, PromotionState.WITHDRAWN, "")
    registry.dismiss_challenger(wish.version)
    audit.record(Kind.PROMOTION_WITHDRAWN, actor=actor, subject=wish, data=_facts(wish))
    return wish


@transaction.atomic
def roll_back(*, actor: User, reason: str) -> ModelVersion:
    """Put the version that was in force before this one back, at once and by one person.

    Raises PromotionError when there was none before or no reason is given, BundleError when its bundle is not what it
    was.
    """
    if not reason.strip():
        raise PromotionError(_("Say why: the reason is kept in the audit log."))
    replaced, before = registry.champion(), registry.champion_before()
    if before is None:
        raise PromotionError(_("No other version was ever in force, so there is none to go back to."))
    restored = registry.promote(before, actor=actor, note=reason.strip())
    facts = {
        "number": restored.number,
        "replaced": replaced.number,
        "digest": restored.digest,
        "reason": reason.strip(),
        **_unanswered(restored),
    }
    audit.record(Kind.MODEL_ROLLED_BACK, actor=actor, subject=restored, data=facts)
    return restored


def _open(wish: PromotionRequest) -> PromotionRequest:
    """Lock the request, that two people at once do not both rule on it."""
    locked = PromotionRequest.objects.select_for_update(of=("self",)).select_related("version").get(pk=wish.pk)
    if locked.state != PromotionState.OPEN:
        raise PromotionError(_("This request was ruled on already."))
    return locked


def _rule(wish: PromotionRequest, actor: User, state: PromotionState, reason: str) -> None:
    if state != PromotionState.WITHDRAWN and wish.requested_by_id == actor.pk:
        raise PromotionError(_("Whoever asks for a promotion cannot approve or refuse it: another person does."))
    wish.state, wish.ruled_by, wish.ruled_at, wish.ruling = state, actor, timezone.now(), reason.strip()
    wish.save(update_fields=["state", "ruled_by", "ruled_at", "ruling"])


def _put_in_force(
    version: ModelVersion, *, actor: User | None, note: str, wish: PromotionRequest | None = None
) -> ModelVersion:
    promoted = registry.promote(version, actor=actor, note=note)
    asked = {"request": wish.pk, "requested_by": wish.requested_by.username} if wish else {}
    facts = {"number": promoted.number, "digest": promoted.digest, "note": note, **asked, **_unanswered(promoted)}
    audit.record(Kind.MODEL_PROMOTED, actor=actor, subject=promoted, data=facts)
    return promoted


def _unanswered(version: ModelVersion) -> dict[str, object]:
    """Name the features that tell sex or age and that nobody answered for; nothing when there are none."""
    names = [proxy.feature for proxy in unanswered_proxies(version) or ()]
    return {"unanswered": names} if names else {}


def _facts(wish: PromotionRequest, **more: object) -> dict[str, object]:
    return {"number": wish.version.number, "request": wish.pk, **more}
