"""What a run over the book changed, as its page tells it: rows of tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from applications.models import Recommendation, RiskLevel
from applications.selectors.book import MOVEMENT_EDGES
from applications.templatetags.feature_words import in_language
from applications.templatetags.scoring_format import signed
from applications.templatetags.scoring_words import ADVICE
from modelling.features.catalogue import CATALOGUE


@dataclass(frozen=True)
class Moves:
    """Applications once advised `before`, by what is advised now, in the order of the head."""

    before: str
    stayed: int
    after: tuple[int, ...]


@dataclass(frozen=True)
class Bin:
    """Applications whose probability moved so far. share: of the fullest bin, for its bar."""

    label: str
    count: int
    share: float


@dataclass(frozen=True)
class Group:
    """What changed among the applications of one agency or band; shares and means are from 0 to 1."""

    label: str
    compared: int
    changed: int
    changed_share: float
    newly_accepted: int
    newly_refused: int
    mean_before: float
    mean_after: float


@dataclass(frozen=True)
class ToldReason:
    """A reason that is told of more or of fewer applications than before."""

    label: str
    raises: bool
    before: int
    after: int

    @property
    def difference(self) -> int:
        """Give how many more applications it is told of."""
        return self.after - self.before


@dataclass(frozen=True)
class Differences:
    """The report of a run. compared: applications assessed before; movement: 5 %, 50 % and 95 % of them, in points."""

    assessed: int
    compared: int
    changed: int
    changed_share: float
    mean_before: float | None
    mean_after: float | None
    movement: tuple[str, ...]
    advice: tuple[str, ...]
    moves: tuple[Moves, ...]
    bins: tuple[Bin, ...]
    agencies: tuple[Group, ...]
    bands: tuple[Group, ...]
    reasons: tuple[ToldReason, ...]


def run_differences(report: Mapping[str, Any]) -> Differences | None:
    """Return what the report of a run tells; None when it has none yet."""
    if not report:
        return None
    bands = {row["name"]: row for row in report["bands"]}
    return Differences(
        assessed=report["assessed"],
        compared=report["compared"],
        changed=report["changed"],
        changed_share=_share(report["changed"], report["compared"]),
        mean_before=report["mean_before"],
        mean_after=report["mean_after"],
        movement=tuple(_points(moved) for moved in report["movement"] or ()),
        advice=tuple(str(ADVICE[each]) for each in Recommendation),
        moves=tuple(_moves(report["moves"], before) for before in Recommendation),
        bins=tuple(_bins(report["histogram"])),
        agencies=tuple(_group(row["name"], row) for row in report["agencies"]),
        bands=tuple(_group(str(level.label), bands[level]) for level in RiskLevel if level in bands),
        reasons=tuple(_reason(row) for row in report["reasons"]),
    )


def _moves(rows: Sequence[Mapping[str, Any]], before: Recommendation) -> Moves:
    count = {row["after"]: row["applications"] for row in rows if row["before"] == before}
    after = tuple(count.get(each, 0) for each in Recommendation)
    return Moves(str(ADVICE[before]), list(Recommendation).index(before), after)


def _bins(counts: Sequence[int]) -> list[Bin]:
    first, last = MOVEMENT_EDGES[0], MOVEMENT_EDGES[-1]
    between = gettext("%(low)s to %(high)s")
    labels = [
        gettext("below %(edge)s") % {"edge": _points(first)},
        *(between % {"low": _points(low), "high": _points(high)} for low, high in pairwise(MOVEMENT_EDGES)),
        gettext("%(edge)s or more") % {"edge": _points(last)},
    ]
    fullest = max(counts, default=0)
    return [Bin(label, count, _share(count, fullest)) for label, count in zip(labels, counts, strict=True)]


def _group(label: str, row: Mapping[str, Any]) -> Group:
    return Group(
        label=label,
        compared=row["compared"],
        changed=row["changed"],
        changed_share=_share(row["changed"], row["compared"]),
        newly_accepted=row["newly_accepted"],
        newly_refused=row["newly_refused"],
        mean_before=row["mean_before"],
        mean_after=row["mean_after"],
    )


def _reason(row: Mapping[str, Any]) -> ToldReason:
    name = row["feature"]
    label = in_language(CATALOGUE[name].label) if name in CATALOGUE else name
    return ToldReason(label, row["side"] == "raising", row["before"], row["after"])


def _points(share: float) -> str:
    """Write a movement in points, with its sign: "+0,5", "−2"."""
    value = round(share * 100, 1)
    return signed(value, 0 if value == round(value) else 1)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
