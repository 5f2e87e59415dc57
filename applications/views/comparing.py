"""What the pages that compare share: the application, the population, the client's values and the group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from applications.access import Person, least_group
from applications.charts.advice import bundle_of
from applications.charts.variables import Choices, Variable, choices_of, variable_of, weightiest
from applications.group_forms import GROUPS, OPERATORS, Group, group_asked
from applications.models import Application, Assessment
from applications.selectors.application import open_application
from applications.selectors.population import Population, Value, current_population, values_of
from modelling.errors import BundleError


@dataclass(frozen=True)
class Comparing:
    """One application among others. least: of how many clients figures may be told."""

    person: Person
    application: Application
    assessment: Assessment
    population: Population
    values: Mapping[str, Value]
    group: Group
    least: int

    @property
    def is_too_small(self) -> bool:
        """Tell whether the group has too few clients for figures to be told."""
        return self.group.clients < self.least

    def variable(self, name: str, *others: str) -> Variable:
        """Return a feature by its name, or the first of `others` that is here, or the weightiest the client has."""
        known = (each for each in (name, *others) if each in self.population.columns)
        usual = next((each.name for each in self.weightiest), self.population.features[0])
        return variable_of(self.population, next(known, usual))

    @cached_property
    def weightiest(self) -> tuple[Variable, ...]:
        """Return the features that weigh most for the client, those he has a value of first."""
        names = weightiest(self.population, self.assessment, bundle_of(self.assessment))
        ordered = sorted(names, key=lambda name: self.values.get(name) is None)
        return tuple(variable_of(self.population, name) for name in ordered)

    @property
    def choices(self) -> tuple[Choices, ...]:
        """Return the features to choose from."""
        return choices_of(self.population, self.assessment, bundle_of(self.assessment))

    @property
    def context(self) -> dict[str, object]:
        """Return what every template of these pages shows."""
        return {
            "application": self.application,
            "group": self.group,
            "groups": GROUPS,
            "operators": OPERATORS,
            "choices": self.choices,
            "population": self.population,
            "is_too_small": self.is_too_small,
            "least": self.least,
        }


def comparing(request: HttpRequest, application: Application) -> Comparing | None:
    """Return what a request compares; None while the population is not laid out, or nothing is assessed."""
    population, assessment = current_population(), application.current_assessment
    if population is None or assessment is None:
        return None
    try:
        values = values_of(application)
    except BundleError:
        return None
    group = group_asked(request.GET, population, application, values)
    return Comparing(request.user, application, assessment, population, values, group, least_group(request.user))


def comparing_or_404(request: HttpRequest, number: int) -> Comparing:
    """Return what a figure compares; raises Http404 when there is nothing to draw."""
    found = comparing(request, open_application(request.user, number))
    if found is None or found.is_too_small:
        raise Http404(_("There is nothing to draw here."))
    return found
