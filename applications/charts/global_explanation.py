"""What a model version looks at over a whole population: its features by importance, and a reading in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from applications.charts.feature_facts import direction_words
from applications.selectors.importance import Importance, InForce, Measure, Weight, importance_of
from applications.templatetags.feature_words import in_language, table_words
from applications.templatetags.scoring_format import number, percent
from modelling.features.catalogue import CATALOGUE, LegalStatus
from modelling.influence import FeatureInfluence

TOP = 3


@dataclass(frozen=True)
class Influential:
    """One feature of the model version. mean_size: of its contributions, in log-odds; None where only a gain is known.

    direction: a sentence, "" where it was not measured. table: "" for a feature the catalogue has dropped.
    """

    name: str
    label: str
    sentence: str
    table: str
    weight: Weight
    mean_size: float | None
    direction: str
    status: LegalStatus
    is_opaque: bool


@dataclass(frozen=True)
class TableShare:
    """The importance of all features made of one table."""

    table: str
    label: str
    count: int
    share: float


@dataclass(frozen=True)
class GlobalExplanation:
    """The most important factors, the rest as one sum, the tables they come from, and what all that says."""

    importance: Importance
    factors: tuple[Influential, ...]
    rest_count: int
    rest_share: float
    tables: tuple[TableShare, ...]
    reading: tuple[str, ...]

    @property
    def is_measured(self) -> bool:
        """Tell whether contributions were measured, so that there is more to show than a gain."""
        return self.importance.measure is Measure.CONTRIBUTION


def global_explanation(used: InForce, *, most: int) -> GlobalExplanation:
    """Return the explanation of a model version by its `most` most important features."""
    importance = importance_of(used)
    known = used.bundle.influence.features if used.bundle.influence else {}
    factors = tuple(_influential(name, weight, known.get(name)) for name, weight in importance.weights.items())
    shown, rest = factors[:most], factors[most:]
    tables = _tables(factors)
    return GlobalExplanation(
        importance=importance,
        factors=shown,
        rest_count=len(rest),
        rest_share=sum(factor.weight.share for factor in rest),
        tables=tables,
        reading=tuple(_reading(factors, tables)),
    )


def _influential(name: str, weight: Weight, influence: FeatureInfluence | None) -> Influential:
    feature = CATALOGUE.get(name)  # an older bundle may know features that the catalogue has dropped
    return Influential(
        name=name,
        label=in_language(feature.label) if feature else name,
        sentence=in_language(feature.sentence) if feature else "",
        table=feature.source if feature else "",
        weight=weight,
        mean_size=influence.mean_size if influence else None,
        direction=direction_words(name, influence) if influence else "",
        status=feature.status if feature else LegalStatus.ADMITTED,
        is_opaque=feature.opaque if feature else False,
    )


def _tables(factors: Sequence[Influential]) -> tuple[TableShare, ...]:
    of_table: dict[str, list[float]] = defaultdict(list)
    for factor in factors:
        of_table[factor.table].append(factor.weight.share)
    found = (
        TableShare(table, table_words(table) if table else gettext("Other"), len(shares), sum(shares))
        for table, shares in of_table.items()
    )
    return tuple(sorted(found, key=lambda each: -each.share))


def _reading(factors: Sequence[Influential], tables: Sequence[TableShare]) -> Iterator[str]:
    """Yield what the figures say, a sentence each; nothing for a model without features."""
    if not factors:
        return
    yield gettext("The factors that weigh most: %(first)s. Together they make up %(share)s of the importance.") % {
        "first": _listed([gettext("“%(label)s”") % {"label": factor.label} for factor in factors[:TOP]]),
        "share": percent(_share(factors[:TOP])),
    }
    half = _how_many_reach(factors, 0.5)
    yield ngettext(
        "%(half)s factor of %(all)s makes up half of it.", "%(half)s factors of %(all)s make up half of it.", half
    ) % {"half": number(half), "all": number(len(factors))}
    yield gettext("By origin: %(tables)s.") % {
        "tables": _listed([f"{each.label.lower()} {percent(each.share, 0)}" for each in tables[:TOP]])
    }
    if opaque := [factor for factor in factors if factor.is_opaque]:
        share = percent(_share(opaque))
        yield gettext("External scores, whose making is not known to us, make up %(share)s.") % {"share": share}


def _share(factors: Sequence[Influential]) -> float:
    return sum(factor.weight.share for factor in factors)


def _how_many_reach(factors: Sequence[Influential], share: float) -> int:
    reached, count = 0.0, 0
    while reached < share and count < len(factors):
        reached += factors[count].weight.share
        count += 1
    return count


def _listed(names: Sequence[str]) -> str:
    """Say names one after the other: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
