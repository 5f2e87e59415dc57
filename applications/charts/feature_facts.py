"""What a bundle knows of one feature over its training population: which way it moves the risk, and usual values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from applications.categories import category_label
from applications.templatetags.scoring_format import percent
from applications.templatetags.scoring_words import quantity
from modelling.bundle import Bundle
from modelling.features.catalogue import CATALOGUE
from modelling.influence import FeatureInfluence
from modelling.population import QUANTILES, FeatureFacts, NumberFacts

CLEAR = 0.5  # a rank correlation from which a direction may be told as one
_MOST_LEVELS = 12


@dataclass(frozen=True)
class UsualValue:
    """One line of the table of values: what it is, and the value or share as a person reads it."""

    label: str
    value: str


@dataclass(frozen=True)
class Facts:
    """clients: of the training population. direction: a sentence, "" when nothing was measured."""

    clients: int
    direction: str
    is_category: bool
    values: tuple[UsualValue, ...]


def feature_facts(bundle: Bundle, name: str) -> Facts | None:
    """Return what is known of a feature; None when the bundle does not read it."""
    facts = bundle.population.features.get(name)
    if facts is None:
        return None
    influence = bundle.influence.features.get(name) if bundle.influence else None
    return Facts(
        clients=bundle.population.clients,
        direction=direction_words(name, influence) if influence else "",
        is_category=not isinstance(facts, NumberFacts),
        values=tuple(_values(name, facts)),
    )


def direction_words(name: str, influence: FeatureInfluence) -> str:
    """Say in a sentence which way a feature moves the risk, as far as one can be told."""
    if influence.by_level:
        levels = sorted(influence.by_level, key=lambda level: influence.by_level[level])
        lowest, highest = (category_label(name, level) for level in (levels[0], levels[-1]))
        return gettext("Raises the risk most for “%(highest)s”, lowers it most for “%(lowest)s”.") % {
            "highest": highest,
            "lowest": lowest,
        }
    if influence.direction is None or abs(influence.direction) < CLEAR:
        return gettext("No single direction: it depends on the value and on the rest of the file.")
    if influence.direction > 0:
        return gettext("The higher the value, the higher the risk.")
    return gettext("The higher the value, the lower the risk.")


def _values(name: str, facts: FeatureFacts) -> Iterator[UsualValue]:
    unit = str(CATALOGUE[name].unit) if name in CATALOGUE else ""
    if isinstance(facts, NumberFacts):
        for share, value in zip(QUANTILES, facts.quantiles, strict=False):
            yield UsualValue(_quantile_words(share), quantity(value, unit))
    else:
        shares = sorted(facts.shares.items(), key=lambda item: -item[1])[:_MOST_LEVELS]
        yield from (UsualValue(category_label(name, level), percent(share)) for level, share in shares)
    yield UsualValue(gettext("Not given"), percent(facts.missing_share))


def _quantile_words(share: float) -> str:
    if share == 0.5:
        return gettext("Median")
    return gettext("%(share)s of clients are below") % {"share": percent(share, 0)}
