"""What one feature is: its Polars expression beside everything a person needs to know about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Required, TypedDict, Unpack

import polars as pl

from modelling.features.legal import LegalStatus, status_of

TOLD = "told:"  # what the columns of a lesson begin with


class Unit(StrEnum):
    """What a value is counted in, so that a page can write "1 an 9 mois", "41 %" or "12 345 €"."""

    EUROS = "euros"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    SHARE = "share"  # 1 is the whole, written as a percentage; may leave [0, 1] for growth or interest
    RATIO = "ratio"  # so many times
    COUNT = "count"
    SCORE = "score"  # a normalised number without unit
    HOUR = "hour"  # hour of the day, 0 to 23
    FLAG = "flag"  # 0 no, 1 yes
    CATEGORY = "category"


class Lesson(StrEnum):
    """What the population has to teach before some features can be computed (`modelling.learnt`)."""

    GROUPS = "groups"  # medians among clients of the same occupation, education, sector, contract
    TERM = "term"  # how long loans of this size and instalment run
    LOANS = "loans"  # what borrowers on nearly the same terms are like, and how many defaulted
    PREVIOUS = "previous"  # default, told from one previous application alone
    BUREAU = "bureau"  # default, told from one credit of the bureau alone
    NEIGHBOURS = "neighbours"  # how many of the most similar clients defaulted


@dataclass(frozen=True)
class Words:
    """The same words in the two languages of the site."""

    fr: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One entry of the catalogue.

    expression: over one row an application, where the columns of the application and the aggregates of `History` stand;
    for a feature with a lesson, over the other features and what the lesson told.
    source: name of the table it is taken from (`schema.TABLES`).
    label: a few words for a table; sentence: what it is, as an advisor says it aloud.
    low, high: plausible range in `unit`, None where nothing bounds it.
    opaque: an external score whose making the lender does not know, so no reason may rest on it alone.
    lesson: what the population has to teach first; None where the client's own rows suffice.
    reads: the table columns the lesson looks at, beside those of the expression.
    """

    name: str
    source: str
    unit: Unit
    label: Words
    sentence: Words
    formula: str
    expression: pl.Expr = field(repr=False, compare=False)
    low: float | None = None
    high: float | None = None
    status: LegalStatus = LegalStatus.ADMITTED
    is_category: bool = False
    opaque: bool = False
    lesson: Lesson | None = None
    reads: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the table columns it is made of; an aggregate counts as the columns it looks at."""
        return (*_columns(self.expression), *self.reads)


def told(name: str) -> pl.Expr:
    """Return what a lesson tells of the client by this name."""
    return pl.col(f"{TOLD}{name}")


def _columns(expression: pl.Expr) -> tuple[str, ...]:
    roots = (name for name in expression.meta.root_names() if not name.startswith(TOLD))
    return tuple(column for name in roots for column in _root_columns(name))


def _root_columns(name: str) -> Iterator[str]:
    """Yield the table columns behind a name: itself, or those an aggregate `table:how|column|where` looks at."""
    _, *aggregate = name.split("|")
    if not aggregate:
        yield name
        return
    column, where = aggregate
    yield from (subset.partition("=")[0] for subset in where.split("&") if "=" in subset)
    if column:
        yield column


class Details(TypedDict, total=False):
    """What else may be told of a feature; `formula` always is."""

    formula: Required[str]
    source: str
    within: tuple[float | None, float | None]
    opaque: bool
    lesson: Lesson
    reads: tuple[str, ...]


def describe(
    name: str,
    unit: Unit,
    label: tuple[str, str],
    sentence: tuple[str, str],
    expression: pl.Expr,
    **details: Unpack[Details],
) -> Feature:
    """Return a feature whose legal status follows from the columns it is made of.

    label, sentence: French, then English. source: the application unless told. within: plausible range, low then high.
    """
    low, high = details.get("within", (None, None))
    reads = details.get("reads", ())
    return Feature(
        name=name,
        source=details.get("source", "application"),
        unit=unit,
        label=Words(*label),
        sentence=Words(*sentence),
        formula=details["formula"],
        expression=expression,
        low=low,
        high=high,
        status=status_of((*_columns(expression), *reads)),
        is_category=unit is Unit.CATEGORY,
        opaque=details.get("opaque", False),
        lesson=details.get("lesson"),
        reads=reads,
    )


def fact(
    name: str,
    unit: Unit,
    label: tuple[str, str],
    sentence: tuple[str, str],
    *,
    within: tuple[float | None, float | None] = (None, None),
    opaque: bool = False,
) -> Feature:
    """Return a column of the application as it stands."""
    return describe(name, unit, label, sentence, pl.col(name), formula=name, within=within, opaque=opaque)
