"""Who would change side: the open applications assessed anew by the version whose promotion is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import CharField, F
from django.db.models.functions import MD5, Cast
from django.utils import timezone

from applications import sources
from applications.errors import NoPolicyError
from applications.models import Application, Policy, PromotionRequest, Recommendation, Stage
from applications.services.policies import policy_in_force
from modelling import registry
from modelling.bundle import Bundle
from modelling.errors import ModellingError
from modelling.models import ModelVersion
from modelling.scoring import score

OPEN_STAGES = (Stage.TO_DECIDE, Stage.AWAITING_DOCUMENT)
APPLICATIONS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Move:
    """What is advised on one application now, and what would be."""

    agency: str
    before: Recommendation
    after: Recommendation


def ask_preview(wish: PromotionRequest) -> None:
    """Note that a preview is wanted, in place of an earlier one."""
    wish.preview, wish.preview_error, wish.preview_failure = None, "", {}
    wish.preview_asked_at = timezone.now()
    wish.save(update_fields=["preview", "preview_error", "preview_failure", "preview_asked_at"])


def make_preview(wish: PromotionRequest) -> None:
    """Count who would change side under the policy in force, and keep it with the request; or why it cannot be done.

    Looked at are the applications waiting for a decision that the champion assessed as they are now; of more than
    PREVIEW_MOST, that many drawn by a digest of their numbers.
    """
    try:
        wish.preview = _preview(wish.version)
    except ModellingError as error:
        _note_failure(wish, error, error.sentence, error.facts)
    except NoPolicyError as error:
        _note_failure(wish, error, str(error), {})
    wish.save(update_fields=["preview", "preview_error", "preview_failure"])


def _note_failure(wish: PromotionRequest, error: Exception, sentence: str, facts: Mapping[str, object]) -> None:
    wish.preview_error = str(error)[:500]
    wish.preview_failure = {"sentence": sentence, "facts": facts}


def counted(moves: Iterable[Move]) -> dict[str, Any]:
    """Count moves: from each advice to each, and by agency how many stay, get a kinder or a stricter advice."""
    sides = [side.value for side in Recommendation]
    table = {before: dict.fromkeys(sides, 0) for before in sides}
    agencies: dict[str, dict[str, int]] = {}
    for move in moves:
        table[move.before][move.after] += 1
        agency = agencies.setdefault(move.agency, {"same": 0, "kinder": 0, "stricter": 0})
        agency[_direction(move)] += 1
    by_agency = [{"agency": name, **agencies[name]} for name in sorted(agencies)]
    return {"moves": table, "agencies": by_agency}


def _direction(move: Move) -> str:
    order = list(Recommendation)
    before, after = order.index(move.before), order.index(move.after)
    return "same" if before == after else "kinder" if after < before else "stricter"


def _preview(version: ModelVersion) -> dict[str, Any]:
    champion, policy = registry.champion(), policy_in_force()
    looked_at = _looked_at(champion)[: settings.PREVIEW_MOST]
    rows = {number: (agency, probability) for number, agency, probability in looked_at}
    after = _probabilities(list(rows), registry.fit_bundle_of(version))
    moves = _moves(rows, after, policy)
    return {
        "champion": champion.number,
        "policy": str(policy),
        "made_at": timezone.now().isoformat(),
        "waiting": Application.objects.filter(stage__in=OPEN_STAGES).count(),
        "looked_at": len(moves),
        **counted(moves),
    }


def _looked_at(champion: ModelVersion) -> Any:
    return (
        Application.objects.filter(
            stage__in=OPEN_STAGES,
            current_assessment__model_version=champion,
            current_assessment__application_version=F("version"),
        )
        .order_by(MD5(Cast("pk", CharField())))
        .values_list("pk", "agency__name", "current_assessment__probability")
    )


def _probabilities(numbers: Sequence[int], bundle: Bundle) -> dict[int, float]:
    found: dict[int, float] = {}
    for start in range(0, len(numbers), APPLICATIONS_AT_ONCE):
        scored = score(bundle, sources.tables_of(numbers[start : start + APPLICATIONS_AT_ONCE]))
        found |= dict(zip(scored.client_ids.tolist(), scored.probability.tolist(), strict=True))
    return found


def _moves(rows: Mapping[int, tuple[str, float]], after: Mapping[int, float], policy: Policy) -> list[Move]:
    return [
        Move(rows[number][0], policy.recommend(rows[number][1]), policy.recommend(probability))
        for number, probability in after.items()
    ]
