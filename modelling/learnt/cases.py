"""What lessons look at: the features of some clients, the lines of their history, and in training their outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.features.arithmetic import MISSING_DAYS, ratio
from modelling.features.lessons import lawful_columns
from modelling.features.previous_rows import yearly_interest
from modelling.features.schema import BUREAU, PREVIOUS_APPLICATION, TABLES, TableSpec
from modelling.features.tables import Tables

CLIENT = "sk_id_curr"
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Lines:
    """The lines of one history table that belong to some clients, each client's latest first.

    rows: what a lesson may read of them. owners: the place of each line's client among the clients, rising.
    """

    rows: pl.DataFrame
    owners: NDArray[np.intp]

    def of(self, seen: Flags) -> Lines:
        """Keep the lines of these clients."""
        inside = seen[self.owners]
        return Lines(self.rows.filter(pl.Series(inside)), self.owners[inside])


@dataclass(frozen=True)
class Cases:
    """Some clients. features: as `build_features` gives them, rising by client. tables: their own rows or more."""

    features: pl.DataFrame
    tables: Tables

    def __len__(self) -> int:
        return self.features.height

    def at(self, places: NDArray[np.intp]) -> Cases:
        """Keep the clients at these places, rising."""
        return Cases(self.features[places], self.tables)

    def numbers(self, names: Sequence[str]) -> Floats:
        """Give these features side by side, n × k, NaN where missing."""
        return np.column_stack([self.features[name].cast(pl.Float64).to_numpy() for name in names])

    @cached_property
    def previous(self) -> Lines:
        """Give the earlier applications; of two decided the same day, the one with the higher id counts as later."""
        return self._lines(PREVIOUS_APPLICATION, _DECIDED, lawful_columns(PREVIOUS_APPLICATION), _PREVIOUS_SHAPE)

    @cached_property
    def instalment_plans(self) -> Lines:
        """Give amount, instalment and number of instalments of `previous`, without laying the other columns out."""
        return self._lines(PREVIOUS_APPLICATION, _DECIDED, ("amt_credit", "amt_annuity", "cnt_payment"), {})

    @cached_property
    def bureau(self) -> Lines:
        """Give the credits with other lenders; of two opened the same day, the one with the higher id is later."""
        return self._lines(BUREAU, ("days_credit", "sk_id_bureau"), lawful_columns(BUREAU), _BUREAU_SHAPE)

    def _lines(
        self, table: TableSpec, latest: tuple[str, str], columns: tuple[str, ...], shape: dict[str, pl.Expr]
    ) -> Lines:
        clients = self.features[CLIENT]
        frame: pl.DataFrame = getattr(self.tables, table.name)
        needed = frame.select([*dict.fromkeys((CLIENT, *latest, *columns))])
        own = needed.filter(pl.col(CLIENT).is_in(clients.implode()))
        rows = own.sort(CLIENT, *latest, descending=[False, True, True], nulls_last=True)
        days = [name for name in columns if name.startswith("days_")]
        dated = rows.with_columns(pl.when(pl.col(name) != MISSING_DAYS).then(pl.col(name)) for name in days)
        owners = np.searchsorted(clients.to_numpy(), rows[CLIENT].to_numpy())
        return Lines(dated.with_columns(**shape).select(*columns, *shape), owners)


@dataclass(frozen=True)
class Known:
    """Cases with their outcomes, of which a lesson may learn from those that are `seen` only.

    target: n, 1 for a default. seen: n. seed: for what a lesson draws.
    """

    cases: Cases
    target: NDArray[np.int8]
    seen: Flags
    seed: int


_DECIDED = ("days_decision", "sk_id_prev")
_CREDIT, _ANNUITY = pl.col("amt_credit"), pl.col("amt_annuity")
_PREVIOUS_SHAPE = {
    "granted_to_asked": ratio(_CREDIT, pl.col("amt_application")),
    "credit_to_annuity": ratio(_CREDIT, _ANNUITY),
    "interest": yearly_interest(_CREDIT, _ANNUITY, pl.col("cnt_payment")),
}
_BUREAU_SHAPE = {
    "debt_to_credit": ratio(pl.col("amt_credit_sum_debt"), pl.col("amt_credit_sum")),
    "term_days": pl.col("days_credit_enddate") - pl.col("days_credit"),
}
# Laid out by hand: a module that computes with Polars while it is imported starts threads, which a worker's pool
# processes, forked afterwards, do not have and wait for.
NOBODY = Cases(
    pl.DataFrame(schema={CLIENT: pl.Int64}),
    Tables(**{name: pl.DataFrame(schema=spec.schema) for name, spec in TABLES.items()}),
)
