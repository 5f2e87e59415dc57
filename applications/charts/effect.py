"""The effect of one feature: what each of its values does to the log-odds of clients, and where this client stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import pairwise

import numpy as np
from django.utils.translation import gettext

from applications.categories import category_label
from applications.charts.reading import Factor
from applications.templatetags.feature_words import in_language
from applications.templatetags.scoring_format import signed
from applications.templatetags.scoring_words import quantity
from modelling.bundle import Bundle
from modelling.features.catalogue import CATALOGUE
from modelling.influence import FeatureInfluence

BANDS = 8


class Origin(StrEnum):
    """Where a feature's value comes from."""

    APPLICATION = "application"
    ELSEWHERE = "elsewhere"  # loans with other lenders
    HERE = "here"  # earlier loans with us


@dataclass(frozen=True)
class Band:
    """Clients of about the same value. contribution: their mean (log-odds). is_client: the client is among them."""

    label: str
    contribution: float
    contribution_text: str
    clients: int
    is_client: bool


@dataclass(frozen=True)
class Effect:
    """The figure of one feature. points: (value, contribution) of clients drawn at random, empty for a category."""

    title: str
    x_title: str
    y_title: str
    source: str
    n: int
    points: tuple[tuple[float, float], ...]
    client: tuple[float, float] | None
    client_text: str
    bands: tuple[Band, ...]

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)


def origin_of(feature: str) -> Origin:
    """Return where a feature comes from; one the catalogue has dropped counts as the application's."""
    source = CATALOGUE[feature].source if feature in CATALOGUE else "application"
    if source == "application":
        return Origin.APPLICATION
    return Origin.ELSEWHERE if source in {"bureau", "bureau_balance"} else Origin.HERE


def effect(factor: Factor, bundle: Bundle, *, model_number: int) -> Effect | None:
    """Return the figure of one factor of a client; None when the bundle holds no points of that feature."""
    influence = bundle.influence.features.get(factor.name) if bundle.influence else None
    if influence is None or not influence.values:
        return None
    points = _points(influence)
    is_number = isinstance(factor.value, int | float) and not influence.by_level
    return Effect(
        title=gettext("What “%(feature)s” does to the risk") % {"feature": factor.label},
        x_title=factor.label,
        y_title=gettext("contribution, in log-odds"),
        source=gettext("training population, model version %(number)s") % {"number": model_number},
        n=len(influence.values),
        points=() if influence.by_level else tuple(points),
        client=(float(factor.value), factor.contribution) if is_number and factor.value is not None else None,
        client_text=f"{quantity(factor.value, factor.unit)}, {signed(factor.contribution)}",
        bands=tuple(_levels(factor, influence) if influence.by_level else _bands(factor, points)),
    )


def effect_on_all(feature: str, bundle: Bundle, *, model_number: int) -> Effect | None:
    """Return the figure of a feature over the training population, no client in it; None as `effect` does."""
    known = CATALOGUE.get(feature)
    label, unit = (in_language(known.label), known.unit.value) if known else (feature, "")
    nobody = Factor(feature, label, "", None, unit, 0.0, 0, "", None, None, is_opaque=False)
    found = effect(nobody, bundle, model_number=model_number)
    return replace(found, client_text="") if found else None


def _points(influence: FeatureInfluence) -> list[tuple[float, float]]:
    pairs = zip(influence.values, influence.contributions, strict=True)
    return sorted((float(value), contribution) for value, contribution in pairs if value is not None)


def _bands(factor: Factor, points: Sequence[tuple[float, float]]) -> Iterator[Band]:
    """Cut the points into bands of as many clients each, at different values."""
    values = np.array([value for value, _ in points])
    edges = np.unique(np.quantile(values, np.linspace(0, 1, BANDS + 1))) if len(values) else np.array([])
    for low, high in pairwise(edges.tolist()):
        is_last = high == edges[-1]
        inside = [c for value, c in points if low <= value < high or (is_last and value == high)]
        own = factor.value if isinstance(factor.value, int | float) else math.nan
        label = f"{quantity(low, factor.unit)} – {quantity(high, factor.unit)}"
        if inside:
            mean = float(np.mean(inside))
            yield Band(label, mean, signed(mean), len(inside), bool(low <= own < high or (is_last and own == high)))


def _levels(factor: Factor, influence: FeatureInfluence) -> Iterator[Band]:
    for level, mean in sorted(influence.by_level.items(), key=lambda item: -item[1]):
        label = category_label(factor.name, level)
        yield Band(label, mean, signed(mean), 0, label == factor.value)


def sentence_of(feature: str) -> str:
    """Return what a feature is, as one says it aloud; empty for one the catalogue has dropped."""
    return in_language(CATALOGUE[feature].sentence) if feature in CATALOGUE else ""
