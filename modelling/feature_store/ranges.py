"""The rows of a folder of Parquet tables, a range of clients at a time: memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from modelling.errors import TableSchemaError
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

BALANCES_AT_ONCE = TABLES["bureau_balance"].rows_a_group


@dataclass(frozen=True)
class ClientRange:
    """Clients numbered from `first` to `last`; the ranges of a folder leave no number out.

    clients: applications among them. balances: places of the monthly bureau table, each BALANCES_AT_ONCE rows, that
    hold theirs: that table names credits, not clients, and their numbers do not rise with the clients'.
    """

    number: int
    first: int
    last: int
    clients: int
    balances: tuple[int, ...]

    def tables(self, folder: Path) -> Tables:
        """Read the rows of these clients; only the parts of a file that may hold them are looked at."""
        within = pl.col("sk_id_curr").is_between(self.first, self.last)
        frames = {name: _scan(folder, name).filter(within).collect() for name in TABLES if name != "bureau_balance"}
        frames["bureau_balance"] = self._balances(folder, frames["bureau"]["sk_id_bureau"])
        return Tables.of(frames)

    def _balances(self, folder: Path, credits_elsewhere: pl.Series) -> pl.DataFrame:
        rows = _scan(folder, "bureau_balance")
        theirs = pl.col("sk_id_bureau").is_in(credits_elsewhere.implode())
        places = (rows.slice(place * BALANCES_AT_ONCE, BALANCES_AT_ONCE) for place in self.balances)
        found = [place.filter(theirs).collect() for place in places]
        return pl.concat(found) if found else rows.clear().collect()


def client_ranges(folder: Path, clients: int) -> list[ClientRange]:
    """Return ranges of so many applications each, by rising number, that together hold every row of the folder.

    folder: one Parquet file a table, as a snapshot has them.
    Raises TableSchemaError when a table or every application is missing.
    """
    for name in TABLES:
        _scan(folder, name)
    numbers = client_numbers(folder)
    if numbers.is_empty():
        raise TableSchemaError("The folder holds no application: there is nothing to build features of.")
    firsts = [numbers[start] for start in range(0, len(numbers), clients)]
    bounds = list(zip([_LEAST, *firsts[1:]], [*(first - 1 for first in firsts[1:]), _LARGEST], strict=True))
    return list(_ranges(numbers, bounds, _owners_of_balances(folder)))


def client_numbers(folder: Path) -> pl.Series:
    """Return the numbers of all applications, rising."""
    return _scan(folder, "application").select("sk_id_curr").collect().to_series().sort()


_LEAST, _LARGEST = -(2**63), 2**63 - 1


def _ranges(numbers: pl.Series, bounds: list[tuple[int, int]], owners: pl.DataFrame) -> Iterator[ClientRange]:
    for number, (first, last) in enumerate(bounds):
        places = owners.filter(pl.col("last") >= first, pl.col("first") <= last)["place"]
        clients = int(numbers.is_between(first, last).sum())
        yield ClientRange(number, first, last, clients, tuple(places.to_list()))


def _owners_of_balances(folder: Path) -> pl.DataFrame:
    """Return, for each place of the monthly bureau table, the first and last client whose rows stand there."""
    credits_elsewhere = _scan(folder, "bureau").select("sk_id_bureau", "sk_id_curr")
    place = (pl.int_range(pl.len(), dtype=pl.Int64) // BALANCES_AT_ONCE).alias("place")
    rows = _scan(folder, "bureau_balance").select("sk_id_bureau", place)
    # One row a credit and place, before the owners are looked up; most repeat the one before, which is quickly seen.
    is_new = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift(1)) for name in ("sk_id_bureau", "place"))
    standing = rows.filter(is_new).unique()
    owned = standing.join(credits_elsewhere, on="sk_id_bureau", how="inner").group_by("place")
    ends = owned.agg(pl.col("sk_id_curr").min().alias("first"), pl.col("sk_id_curr").max().alias("last"))
    return ends.sort("place").collect(engine="streaming")


def _scan(folder: Path, name: str) -> pl.LazyFrame:
    path = folder / f"{name}.parquet"
    if not path.is_file():
        raise TableSchemaError(f"{folder} lacks {path.name}; it should hold one Parquet file for each of {[*TABLES]}.")
    return pl.scan_parquet(path)
