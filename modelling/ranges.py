"""Features of a folder of Parquet tables, a range of clients at a time: memory does not grow with their number."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import polars as pl

from modelling.errors import TableSchemaError
from modelling.features.build import build_features
from modelling.features.schema import TABLES, TableSpec
from modelling.features.tables import Tables

CLIENTS_AT_ONCE = 20_000


def features_by_range(folder: Path, *, clients: int = CLIENTS_AT_ONCE, workers: int = 2) -> Iterator[pl.DataFrame]:
    """Give the features of so many clients at a time, by rising number; together they are those of the whole folder.

    folder: one Parquet file a table, as a snapshot has them. Only the parts of a file that may hold a range are read,
    which is quick where a client's rows stand together. workers: ranges in hand at once, one a processor.
    Raises TableSchemaError when a table or every application is missing.
    """
    tables = {name: _scan(folder, spec) for name, spec in TABLES.items()}
    with ThreadPoolExecutor(workers) as pool:
        in_hand: deque[Future[pl.DataFrame]] = deque()
        for first, last in _bounds(tables["application"], clients):
            in_hand.append(pool.submit(lambda ends: build_features(_range(tables, *ends)), (first, last)))
            if len(in_hand) == workers:
                yield in_hand.popleft().result()
        while in_hand:
            yield in_hand.popleft().result()


def _bounds(application: pl.LazyFrame, clients: int) -> list[tuple[int, int]]:
    known = application.select("sk_id_curr").collect().to_series().sort().to_list()
    if not known:
        raise TableSchemaError("The folder holds no application: there is nothing to build features of.")
    parts = (known[start : start + clients] for start in range(0, len(known), clients))
    return [(part[0], part[-1]) for part in parts]


def _range(tables: dict[str, pl.LazyFrame], first: int, last: int) -> Tables:
    within = pl.col("sk_id_curr").is_between(first, last)
    frames = {name: rows.filter(within).collect() for name, rows in tables.items() if name != "bureau_balance"}
    frames["bureau_balance"] = _balances(tables["bureau_balance"], frames["bureau"]["sk_id_bureau"])
    return Tables.of(frames)


def _balances(rows: pl.LazyFrame, credits_elsewhere: pl.Series) -> pl.DataFrame:
    key = pl.col("sk_id_bureau")
    within = key.is_between(credits_elsewhere.min(), credits_elsewhere.max())
    return rows.filter(within).filter(key.is_in(credits_elsewhere.implode())).collect()


def _scan(folder: Path, spec: TableSpec) -> pl.LazyFrame:
    path = folder / f"{spec.name}.parquet"
    if not path.is_file():
        raise TableSchemaError(f"{folder} lacks {path.name}; it should hold one Parquet file for each of {[*TABLES]}.")
    return pl.scan_parquet(path)
