"""The features one may compare clients by: their words, their units, and how their values are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext

from applications.categories import category_label
from applications.charts.effect import Origin, origin_of
from applications.models import Assessment
from applications.models.assessment import unpack
from applications.selectors.dictionary import fold
from applications.selectors.population import Population, Value
from applications.templatetags.feature_words import UNITS, in_language
from applications.templatetags.scoring_format import MISSING, moment, percent
from applications.templatetags.scoring_format import number as plain_number
from applications.templatetags.scoring_words import quantity
from modelling.bundle import Bundle
from modelling.features.catalogue import CATALOGUE

WEIGHTIEST = 12


@dataclass(frozen=True)
class Variable:
    """One feature in words. levels: of a category, by code, as published; None for a number."""

    name: str
    label: str
    sentence: str
    unit: str
    levels: tuple[str, ...] | None

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Give each level and what it is called."""
        return tuple((level, category_label(self.name, level)) for level in self.levels or ())

    @property
    def axis(self) -> str:
        """Give what stands beside an axis: the label, with the unit where values do not say it themselves."""
        if self.levels is not None or self.unit in {"flag", "share"} or self.unit not in UNITS:
            return self.label
        return f"{self.label} ({str(UNITS[self.unit]).lower()})"

    def write(self, value: Value) -> str:
        """Write a value with its unit."""
        if isinstance(value, str):
            return category_label(self.name, value)
        return quantity(value, self.unit)

    def write_figure(self, value: float | None) -> str:
        """Write what was computed of many values: an amount without cents."""
        return self.write(float(round(value)) if value is not None and self.unit == "euros" else value)

    def tick(self, value: float) -> str:
        """Write a value shortly, as axes and bounds of bars have room for."""
        if self.unit == "share":
            return percent(value, 0 if abs(value) >= 0.1 or value == 0 else 1)
        if self.unit == "flag":
            return quantity(value, self.unit)
        if self.unit == "euros":
            return quantity(round(value), self.unit)
        size = abs(value)
        return plain_number(value, 0 if float(value).is_integer() or size >= 100 else 1 if size >= 10 else 2)


@dataclass(frozen=True)
class Choices:
    """Features of one origin, to choose from: names and labels."""

    label: str
    features: tuple[tuple[str, str], ...]


def variable_of(population: Population, name: str) -> Variable:
    """Return a feature of the population in words."""
    feature = CATALOGUE.get(name)
    return Variable(
        name=name,
        label=in_language(feature.label) if feature else name,
        sentence=in_language(feature.sentence) if feature else "",
        unit=str(feature.unit) if feature else "",
        levels=population.columns.levels(name),
    )


def choices_of(population: Population, assessment: Assessment, bundle: Bundle | None) -> tuple[Choices, ...]:
    """Return the features to choose from: those that weigh most for this client first, then all by origin."""
    titles = {
        Origin.APPLICATION: gettext("The application"),
        Origin.ELSEWHERE: gettext("Loans elsewhere"),
        Origin.HERE: gettext("Loans with us"),
    }
    by_origin: dict[Origin, list[tuple[str, str]]] = {origin: [] for origin in titles}
    for name in population.features:
        by_origin[origin_of(name)].append((name, variable_of(population, name).label))
    weighty = [(name, variable_of(population, name).label) for name in weightiest(population, assessment, bundle)]
    groups = [Choices(titles[origin], tuple(sorted(found, key=_by_label))) for origin, found in by_origin.items()]
    return tuple(each for each in (Choices(gettext("What weighs most here"), tuple(weighty)), *groups) if each.features)


def weightiest(population: Population, assessment: Assessment, bundle: Bundle | None) -> Sequence[str]:
    """Return the features that weigh most in an assessment."""
    if bundle is None:
        return ()
    order = np.argsort(-np.abs(unpack(assessment.contributions)), kind="stable")
    names = (bundle.features[place] for place in order)
    return [name for name in names if name in population.columns][:WEIGHTIEST]


def yes_or_no() -> Mapping[str, float]:
    """Return what one may answer for a flag, folded."""
    words = {gettext("Yes"): 1.0, gettext("No"): 0.0}
    return {fold(word).strip(): value for word, value in words.items()}


def source_words(population: Population) -> str:
    """Say where figures come from, and of what moment they are."""
    return gettext("clients assessed by model version %(version)s, as of %(moment)s") % {
        "version": population.version,
        "moment": moment(population.as_of),
    }


def share_words(part: int, whole: int) -> str:
    """Write a part of a whole as a percentage; a dash when there is no whole."""
    return percent(part / whole) if whole else MISSING


def _by_label(choice: tuple[str, str]) -> str:
    return fold(choice[1])
