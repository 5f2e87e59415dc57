"""Families of features: the same statistics of the same quantities, over several scopes of one history table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from modelling.features.arithmetic import ratio
from modelling.features.feature import Feature, Unit, describe
from modelling.features.history import History
from modelling.features.wording import ELIDED, Noun, Scope, Statistic, label_of, sentence_of

_TAKE: dict[Statistic, Callable[[History, str, str], pl.Expr]] = {
    Statistic.LEAST: History.least,
    Statistic.GREATEST: History.greatest,
    Statistic.MEAN: History.mean,
    Statistic.TOTAL: History.total,
    Statistic.DEVIATION: History.deviation,
}


@dataclass(frozen=True)
class Quantity:
    """What a family measures.

    name: how features are called after it; column: the prepared column; per: how many of the column's units make one
    of `unit` (365.25 for days shown as years); statistics: what is taken of it; within: plausible range in `unit`.
    """

    name: str
    column: str
    unit: Unit
    noun: Noun
    statistics: Sequence[Statistic]
    within: tuple[float | None, float | None] = (None, None)
    per: float = 1


@dataclass(frozen=True)
class Kin:
    """Some rows of a history: the subset they are and their words.

    name: what features are called after them, if not after the subset. formula: what they are in a formula.
    """

    where: str
    fr: str
    en: str
    name: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Level:
    """One word of a category column, or None for rows without one, and what to call its rows."""

    word: str | None
    fr: str
    en: str


def levels(column: str, name: str, some: Iterable[Level]) -> Iterator[Kin]:
    """Yield the rows of each of these levels of a column, called `name_word`."""
    for level in some:
        formula = f'rows with {column} = "{level.word}"' if level.word else f"rows without {column}"
        word = re.sub("[^a-z0-9]+", "_", (level.word or "missing").lower()).strip("_")
        yield Kin(f"{column}={level.word or ''}", level.fr, level.en, f"{name}_{word}", formula)


def family(history: History, prefix: str, quantities: Iterable[Quantity], scopes: Sequence[Scope]) -> Iterator[Feature]:
    """Yield one feature a scope, quantity and statistic, called `prefix_scope_quantity_statistic`."""
    for quantity in quantities:
        for scope in scopes:
            for statistic in quantity.statistics:
                yield _member(history, prefix, quantity, scope, statistic)


def _member(history: History, prefix: str, quantity: Quantity, scope: Scope, statistic: Statistic) -> Feature:
    taken = _TAKE[statistic](history, quantity.column, scope.where)
    words = (part for part in (prefix, scope.name, quantity.name, statistic.value) if part)
    per = "" if quantity.per == 1 else f" / {quantity.per:g}"
    low, high = quantity.within
    return describe(
        "_".join(words),
        quantity.unit,
        label_of(quantity.noun, statistic, scope),
        sentence_of(quantity.noun, statistic, scope),
        taken if quantity.per == 1 else taken / quantity.per,
        formula=f"{statistic.value} of {quantity.column} over {scope.where} rows of {history.table}{per}",
        source=history.table,
        within=(low, None if statistic is Statistic.TOTAL else high),
    )


def counts(history: History, prefix: str, scopes: Iterable[Scope]) -> Iterator[Feature]:
    """Yield how many rows each scope has, called `prefix_scope_count`; 0 for a client without history."""
    for scope in scopes:
        yield describe(
            "_".join(part for part in (prefix, scope.name, "count") if part),
            Unit.COUNT,
            (f"Nombre {_some(scope.label.fr)}", f"Number {scope.label.en}"),
            (f"Le nombre {_some(scope.sentence.fr)}.", f"The number {scope.sentence.en}."),
            history.count(scope.where),
            formula=f"number of {scope.where} rows of {history.table}",
            source=history.table,
            within=(0, None),
        )


def shares(history: History, prefix: str, kins: Iterable[Kin], whole: Scope) -> Iterator[Feature]:
    """Yield the share of each kind among the rows of `whole`, called `prefix_kin_share`."""
    for kin in kins:
        yield describe(
            f"{prefix}_{kin.name or kin.where}_share",
            Unit.SHARE,
            (f"Part {kin.fr} parmi {_among(whole.label.fr)}", f"Share of {kin.en} among {_among(whole.label.en)}"),
            (
                f"La part {kin.fr} parmi {_among(whole.sentence.fr)}.",
                f"The share of {kin.en} among {_among(whole.sentence.en)}.",
            ),
            history.share(kin.where, whole.where),
            formula=f"{kin.formula or f'{kin.where} rows'} / {whole.where} rows of {history.table}",
            source=history.table,
            within=(0, 1),
        )


def recent_part(
    history: History,
    name: str,
    label: tuple[str, str],
    sentence: tuple[str, str],
    *,
    taken: Callable[[str], pl.Expr],
    formula: str,
) -> Feature:
    """Return what the last year has of what the last five years have, called `name_365_to_1825_days`.

    taken: gives the count or sum of a subset; formula: what it is in a formula. Missing when five years have nothing.
    """
    return describe(
        f"{name}_365_to_1825_days",
        Unit.SHARE,
        label,
        sentence,
        ratio(taken("last_365_days").fill_null(0), taken("last_1825_days")),
        formula=f"{formula} over the last 365 days / over the last 1825 days",
        source=history.table,
        within=(0, 1),
    )


def _some(words: str) -> str:
    of = "d'" if words.removeprefix("des ")[0] in ELIDED else "de "
    return words.replace("des ", of, 1)


def _among(words: str) -> str:
    return words.replace("des ", "les ", 1).removeprefix("of ")
