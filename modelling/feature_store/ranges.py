"""The rows of a folder of Parquet tables, a range of clients at a time: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from modelling.errors import TableSchemaError
from modelling.features.aggregates import CLIENT
from modelling.features.files import coded_rows_of, scan_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

ROWS_AT_ONCE = 2**20  # of which only the owner is looked at


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
        """Read the rows of these clients; only the parts of a file that hold them are looked at."""
        slices = {name: scan_table(folder, name).slice(*place) for name, place in self.slices.items()}
        return Tables.of({name: coded_rows_of(TABLES[name], rows) for name, rows in slices.items()})


def client_ranges(folder: Path, clients: int) -> list[ClientRange]:
    """Return ranges of so many applications each, by rising number, that together hold every row of the folder.

    folder: one Parquet file a table, as a snapshot has them.
    Raises TableSchemaError when a table or every application is missing, or when a table's rows are not in order.
    """
    numbers = client_numbers(folder)
    if numbers.is_empty():
        raise TableSchemaError("The folder holds no application: there is nothing to build features of.")
    firsts = numbers.gather_every(clients).to_list()[1:]
    places = {name: _places(folder, name, firsts) for name in TABLES}
    bounds = zip([_LEAST, *firsts], [*(first - 1 for first in firsts), _LARGEST], strict=True)
    return [
        ClientRange(
            number, first, last, places["application"][number][1], {name: places[name][number] for name in TABLES}
        )
        for number, (first, last) in enumerate(bounds)
    ]


def client_numbers(folder: Path) -> pl.Series:
    """Return the numbers of all applications, rising."""
    return pl.concat(_owners(folder, "application"))


_LEAST, _LARGEST = -(2**63), 2**63 - 1


def _owners(folder: Path, name: str) -> Iterator[pl.Series]:
    """Give whose each row of a table is, rising, some rows at a time."""
    rows = scan_table(folder, name)
    if CLIENT not in rows.collect_schema():
        raise TableSchemaError(f"{name}.parquet of {folder} lacks {CLIENT}; take a new snapshot.")
    last = _LEAST
    for start in range(0, rows.select(pl.len()).collect().item() or 1, ROWS_AT_ONCE):
        owners = rows.select(CLIENT).slice(start, ROWS_AT_ONCE).collect().to_series()
        if not owners.is_sorted() or (len(owners) and owners[0] < last):
            raise TableSchemaError(
                f"{name}.parquet of {folder} should hold its rows by rising {CLIENT}; take a new snapshot."
            )
        yield owners
        last = owners[-1] if len(owners) else last


def _places(folder: Path, name: str, firsts: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first row, and how many there are, before and from each of these clients on."""
    ends = [_LEAST, *firsts, _LARGEST]
    cuts = np.sum([np.searchsorted(owners.to_numpy(), ends) for owners in _owners(folder, name)], axis=0)
    return [(start, end - start) for start, end in pairwise(cuts.tolist())]
