"""The rows of a folder of Parquet tables, a range of clients at a time: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from modelling.errors import TableSchemaError, gettext_noop
from modelling.features.aggregates import CLIENT
from modelling.features.files import scan_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

_LEAST, _LARGEST = -(2**63), 2**63 - 1


@dataclass(frozen=True)
class ClientRange:
    """Clients numbered from `first` to `last`; the ranges of a folder leave no number out.

    clients: applications among them. slices: where their rows stand in each table: the first row and how many.
    """

    number: int
    first: int
    last: int
    clients: int
    slices: Mapping[str, tuple[int, int]]

    def tables(self, folder: Path) -> Tables:
        """Read the rows of these clients; only the parts of a file that hold them are looked at.

        Raises TableSchemaError when other clients' rows stand there.
        """
        return Tables.of({name: self._rows(folder, name) for name in TABLES})

    def of(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Keep the lines of those of these clients who have an application."""
        return lines.filter(pl.col(CLIENT).is_between(self.first, self.last) & (pl.col("application") > 0))

    def _rows(self, folder: Path, name: str) -> pl.DataFrame:
        rows = scan_table(folder, name).slice(*self.slices[name]).collect()
        if CLIENT not in rows.columns:
            raise TableSchemaError(
                gettext_noop("{table} lacks {column}; take a new snapshot."),
                table=str(folder / f"{name}.parquet"),
                column=CLIENT,
            )
        owners = rows[CLIENT]
        if not owners.is_sorted() or (rows.height and not self.first <= owners[0] <= owners[-1] <= self.last):
            raise TableSchemaError(
                gettext_noop("{table} should hold its rows by rising {column}; take a new snapshot."),
                table=str(folder / f"{name}.parquet"),
                column=CLIENT,
            )
        return rows.drop(CLIENT) if TABLES[name].parent == "bureau" else rows


def client_ranges(lines: pl.DataFrame, clients: int) -> list[ClientRange]:
    """Return ranges of so many applications each, by rising number, that together hold every row of a folder.

    lines: one a client, as `read_client_lines` gives them. Raises TableSchemaError when there is no application.
    """
    numbers = lines.filter(pl.col("application") > 0)[CLIENT]
    if numbers.is_empty():
        raise TableSchemaError(gettext_noop("The folder holds no application: there is nothing to build features of."))
    firsts = numbers.gather_every(clients).to_list()[1:]
    cuts = [0, *np.searchsorted(lines[CLIENT].to_numpy(), firsts).tolist(), lines.height]
    rows_before = {name: np.append(0, lines[name].cum_sum().to_numpy())[cuts].tolist() for name in TABLES}
    places = {name: [(start, end - start) for start, end in pairwise(rows)] for name, rows in rows_before.items()}
    bounds = zip([_LEAST, *firsts], [*(first - 1 for first in firsts), _LARGEST], strict=True)
    return [
        ClientRange(
            number, first, last, places["application"][number][1], {name: places[name][number] for name in TABLES}
        )
        for number, (first, last) in enumerate(bounds)
    ]
