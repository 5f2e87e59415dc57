"""Features that need what the population teaches: their words and formulas; their lessons are in `modelling.learnt`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from modelling.features import similar_loans
from modelling.features.arithmetic import ratio
from modelling.features.feature import Feature, Lesson, Unit, Words, describe, told
from modelling.features.legal import LegalStatus, status_of
from modelling.features.previous_rows import yearly_interest
from modelling.features.schema import BUREAU, PREVIOUS_APPLICATION, Kind, TableSpec
from modelling.features.wording import opened

EXTERNAL_SCORES = ("ext_source_1", "ext_source_2", "ext_source_3")
NEIGHBOURS = 500


@dataclass(frozen=True)
class Group:
    """Clients who share a word in `column`, told after "that of": "des clients de même métier"."""

    name: str
    column: str
    words: Words


@dataclass(frozen=True)
class Compared:
    """An amount set against a group's median: its own words, with their French article and participle."""

    fr: str
    en: str
    article: str
    participle: str


GROUPS = (
    Group(
        "education",
        "name_education_type",
        Words("de même niveau d'études", "with the same education"),
    ),
    Group("occupation", "occupation_type", Words("de même métier", "with the same occupation")),
    Group("organization", "organization_type", Words("de même secteur d'activité", "of the same sector")),
    Group(
        "contract", "name_contract_type", Words("demandant le même type de crédit", "asking for the same kind of loan")
    ),
)
COMPARED = {
    **{
        name: Compared(f"score externe {number}", f"external score {number}", "le ", "comparé")
        for number, name in enumerate(EXTERNAL_SCORES, start=1)
    },
    "amt_annuity": Compared("mensualité", "instalment", "la ", "comparée"),
    "amt_credit": Compared("montant du crédit", "loan amount", "le ", "comparé"),
    "amt_income_total": Compared("revenu", "income", "le ", "comparé"),
}


def median_of(quantity: str, group: Group) -> str:
    """Return the name under which the lesson tells the median of a quantity in the client's group."""
    return f"median {quantity} by {group.column}"


def _against(quantity: str, group: Group) -> Feature:
    words = COMPARED[quantity]
    fr = f"{words.fr} {words.participle} aux clients {group.words.fr}"
    en = f"{words.en} against clients {group.words.en}"
    return describe(
        f"{quantity}_against_{group.name}",
        Unit.RATIO,
        (opened(fr), opened(en)),
        (
            f"{opened(words.article + words.fr)}, {words.participle} à la médiane des clients {group.words.fr}.",
            f"The {words.en} against the median of clients {group.words.en}.",
        ),
        ratio(pl.col(quantity), told(median_of(quantity, group))),
        formula=f"{quantity} / median {quantity} of the training clients with the same {group.column}",
        within=(0, 100),
        opaque=quantity in EXTERNAL_SCORES,
        lesson=Lesson.GROUPS,
        reads=(group.column,),
    )


EXPECTED_TERM = "expected term"
_TERM_READS = ("amt_credit", "amt_annuity", "cnt_payment")
_LOAN = (
    describe(
        "expected_term_months",
        Unit.MONTHS,
        ("Durée probable du crédit", "Likely length of the loan"),
        (
            "La durée qu'ont eue des crédits passés de montant et de mensualité semblables.",
            "How long past loans of a similar amount and instalment ran.",
        ),
        told(EXPECTED_TERM),
        formula="cnt_payment of past loans, told from their amt_credit, amt_annuity and the quotient of the two",
        within=(0, 120),
        lesson=Lesson.TERM,
        reads=_TERM_READS,
    ),
    describe(
        "implied_interest",
        Unit.SHARE,
        ("Taux d'intérêt probable du crédit", "Likely interest rate of the loan"),
        (
            "Le taux annuel que supposent le montant du crédit, sa mensualité et sa durée probable.",
            "The yearly rate that the loan's amount, instalment and likely length imply.",
        ),
        yearly_interest(pl.col("amt_credit"), pl.col("amt_annuity"), told(EXPECTED_TERM)),
        formula="24 × (term × amt_annuity - amt_credit) / (amt_credit × (term + 1)), term = expected_term_months",
        within=(-0.5, 2),
        lesson=Lesson.TERM,
        reads=_TERM_READS,
    ),
)


def lawful_columns(table: TableSpec) -> tuple[str, ...]:
    """Return the columns of a history table that a lesson may look at: neither keys nor barred nor controlled ones."""
    return tuple(
        column.name
        for column in table.columns
        if column.kind is not Kind.KEY and status_of([column.name]) is LegalStatus.ADMITTED
    )


@dataclass(frozen=True)
class Lines:
    """One history's lines: their table, and what they and the latest of them are called."""

    table: TableSpec
    all: Words
    latest: Words


LINES = {
    Lesson.PREVIOUS: Lines(
        PREVIOUS_APPLICATION,
        Words("demandes passées", "past applications"),
        Words("dernière demande passée", "latest past application"),
    ),
    Lesson.BUREAU: Lines(
        BUREAU,
        Words("crédits ailleurs", "credits elsewhere"),
        Words("dernier crédit ailleurs", "latest credit elsewhere"),
    ),
}


def _likeness(lesson: Lesson) -> Iterator[Feature]:
    """Yield how much the client's lines look like those of clients who defaulted: on average, at most, the latest."""
    lines = LINES[lesson]
    for statistic, how, fr, en in (
        ("mean", "mean", f"moyenne des {lines.all.fr}", f"mean of the {lines.all.en}"),
        ("max", "greatest", f"maximum des {lines.all.fr}", f"highest of the {lines.all.en}"),
        ("last", "latest", lines.latest.fr, lines.latest.en),
    ):
        yield describe(
            f"{lesson}_likeness_{statistic}",
            Unit.SHARE,
            (f"Ressemblance avec des impayés ({fr})", f"Likeness to defaults ({en})"),
            (
                f"La ressemblance avec les dossiers qui ont connu un impayé ({fr}).",
                f"The likeness to files that saw a default ({en}).",
            ),
            told(f"{lesson} {statistic}"),
            formula=f"{how} of the chance of default told from one line of {lines.table.name} alone",
            source=lines.table.name,
            within=(0, 1),
            lesson=lesson,
            reads=lawful_columns(lines.table),
        )


NEIGHBOURS_SHARE = "defaults among neighbours"
_NEIGHBOURS = describe(
    "neighbours_default_share",
    Unit.SHARE,
    ("Impayés parmi les dossiers les plus proches", "Defaults among the nearest files"),
    (
        f"La part d'impayés parmi les {NEIGHBOURS} dossiers les plus proches, par les scores externes et la durée.",
        f"The share of defaults among the {NEIGHBOURS} files nearest by external scores and loan length.",
    ),
    told(NEIGHBOURS_SHARE),
    formula=f"mean target of the {NEIGHBOURS} clients nearest in ext_source_* and amt_credit / amt_annuity",
    within=(0, 1),
    opaque=True,
    lesson=Lesson.NEIGHBOURS,
    reads=(*EXTERNAL_SCORES, "amt_credit", "amt_annuity"),
)

FEATURES: tuple[Feature, ...] = (
    *(_against(quantity, group) for quantity in COMPARED for group in GROUPS),
    *_LOAN,
    *_likeness(Lesson.PREVIOUS),
    *_likeness(Lesson.BUREAU),
    *similar_loans.FEATURES,
    _NEIGHBOURS,
)
