"""Pairs of features worth a look, each with what to look for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from applications.charts.variables import variable_of
from applications.selectors.population import Population

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_GUIDED: tuple[tuple[str, str, StrPromise], ...] = (
    (
        "amt_income_total",
        "amt_credit",
        _("Do clients with higher incomes ask for larger loans? Far above the line, one asks for much for his income."),
    ),
    (
        "annuity_to_income",
        "credit_to_income",
        _("The instalment and the loan, both against income: far from the line the loan is unusually short or long."),
    ),
    (
        "ext_source_2",
        "ext_source_3",
        _("Do two external scores agree on this client? Where they do not, one of them deserves a question."),
    ),
    (
        "name_income_type",
        "annuity_to_income",
        _("Which sources of income carry the heaviest instalments? Compare the client with his own group."),
    ),
    (
        "name_education_type",
        "ext_source_mean",
        _("How far do external scores follow education? The wider the boxes overlap, the less it tells of one client."),
    ),
    (
        "name_contract_type",
        "name_housing_type",
        _("Does the kind of loan go with the kind of housing? Look for a cell that stands out in its row."),
    ),
    (
        "employment_years",
        "amt_annuity",
        _("Do clients long in their job take higher instalments? A flat line says that one does not tell the other."),
    ),
)


@dataclass(frozen=True)
class Guided:
    """One pair: its names, its words, and what to look for."""

    x: str
    y: str
    label: str
    hint: str


def guided_in(population: Population) -> tuple[Guided, ...]:
    """Return the pairs whose features the population has; those of the application always are."""
    return tuple(
        Guided(x, y, f"{variable_of(population, x).label} × {variable_of(population, y).label}", str(hint))
        for x, y, hint in _GUIDED
        if x in population.columns and y in population.columns
    )
