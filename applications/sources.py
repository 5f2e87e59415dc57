"""Rows → `Tables`: what the office hands the lab, read from PostgreSQL by COPY and parsed by Polars; of few as rows.

A history row is stored with its client; here it carries the number of the application it is read for. Rows come in
one canonical order, so that the same rows give the same sums to the last bit wherever and whenever they are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from applications.errors import UnknownApplicationError
from modelling.features.polars_pool import among_few
from modelling.features.schema import TABLES, TableSpec
from modelling.features.tables import Tables

_OWNER = "client_id"
# Of so many applications, tables are read as rows. Text is far quicker for many, but to parse it Polars' threads hand
# over to each other some sixty times, and on a busy machine somebody else may come first each time.
FEW = 10
# The applications asked for, once: every other query joins this one. place: among those of the same client.
_THESE = """
    SELECT sk_id_curr, client_id, row_number() OVER (PARTITION BY client_id ORDER BY sk_id_curr) - 1 AS place
    FROM application WHERE sk_id_curr = ANY(%s::bigint[])
"""
# What names a row of history, or is referred to from another: published numbers have 7 digits.
_KEYS = frozenset({"sk_id_bureau", "sk_id_prev"})
_APART = 10**12
# The credit history tells of a client up to the newest application, so a range is read for those alone.
_NEWEST_OF_RANGE = """
    SELECT sk_id_curr, client_id, 0 AS place FROM application WHERE sk_id_curr BETWEEN %s AND %s AND NOT EXISTS (
        SELECT FROM application AS later WHERE later.client_id = application.client_id
        AND (later.received_on, later.sk_id_curr) > (application.received_on, application.sk_id_curr)
    )
"""
_RANGES = """
    SELECT min(sk_id_curr), max(sk_id_curr)
    FROM (SELECT sk_id_curr, (row_number() OVER (ORDER BY sk_id_curr) - 1) / %s AS part FROM application) AS parted
    GROUP BY part ORDER BY part
"""


def tables_of(application_ids: Sequence[int]) -> Tables:
    """Return the rows of these applications and of their clients' credit history: seven queries, however many they are.

    Of several applications of one client each has the whole history; all but the first have it under numbers of rows
    that are their own. Raises UnknownApplicationError when one does not exist.
    """
    read = _frames_of_rows if len(application_ids) <= FEW else _frames
    frames = read(_THESE, (list(application_ids),))
    _check_all_found(application_ids, frames["application"]["sk_id_curr"])
    return _tables(frames)


def application_rows(application_ids: Sequence[int]) -> pl.DataFrame:
    """Return the published columns of these applications and `client_id`, by rising number, in one query."""
    with connection.cursor() as cursor:
        file = _file(cursor, TABLES["application"], _THESE, (list(application_ids),))
    return _parsed({"application": file})["application"]


def tables_of_range(numbers: range) -> Tables:
    """Return the rows of those applications in the range that are their client's newest, and of the credit history."""
    return _tables(_frames(_NEWEST_OF_RANGE, (numbers.start, numbers.stop - 1)))


def each_range(size: int) -> Iterator[range]:
    """Give rising ranges of numbers that together hold every application, `size` of them each but for the last."""
    with connection.cursor() as cursor:
        cursor.execute(_RANGES, (size,))
        rows: list[tuple[int, int]] = cursor.fetchall()
    for first, last in rows:
        yield range(first, last + 1)


def _tables(frames: Mapping[str, pl.DataFrame]) -> Tables:
    frames["application"].drop_in_place(_OWNER)
    return Tables.of(frames)


def _check_all_found(asked: Sequence[int], found: pl.Series) -> None:
    if missing := sorted(set(asked).difference(found)):
        raise UnknownApplicationError(
            f"Of the {len(asked)} applications asked for, {len(missing)} do not exist, the first is {missing[0]}."
        )


def _frames(asked: str, parameters: tuple[Any, ...]) -> dict[str, pl.DataFrame]:
    with connection.cursor() as cursor:
        files = {name: _file(cursor, spec, asked, parameters) for name, spec in TABLES.items()}
    return _parsed(files)


def _frames_of_rows(asked: str, parameters: tuple[Any, ...]) -> dict[str, pl.DataFrame]:
    with connection.cursor() as cursor:
        rows = {name: _rows(cursor, spec, asked, parameters) for name, spec in TABLES.items()}
    return among_few(FEW, lambda: {name: _frame(name, rows[name]) for name in rows})


def _rows(cursor: CursorWrapper, spec: TableSpec, asked: str, parameters: tuple[Any, ...]) -> list[tuple[object, ...]]:
    cursor.execute(_select(spec, asked), parameters)
    rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def _frame(name: str, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_schema(name), orient="row").sort(TABLES[name].order)


def _file(cursor: CursorWrapper, spec: TableSpec, asked: str, parameters: tuple[Any, ...]) -> bytes:
    """Read one table as CSV; an application brings its client along, as the column `_OWNER`."""
    buffer = BytesIO()
    select = cursor.mogrify(_select(spec, asked), parameters).decode()
    with connection.wrap_database_errors:  # this method of the driver's cursor is not wrapped by Django
        cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT csv)", buffer)
    return buffer.getvalue()


def _parsed(files: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    """Parse tables in one go: each time Polars parses, threads hand over to each other, which one client waits for."""
    scans = [pl.scan_csv(file, has_header=False, schema=_schema(name)) for name, file in files.items() if file]
    frames = iter(pl.collect_all(scans, optimizations=pl.QueryOptFlags.none()))
    return {
        name: next(frames).sort(TABLES[name].order) if file else pl.DataFrame(schema=_schema(name))
        for name, file in files.items()
    }


def _schema(name: str) -> dict[str, type[pl.DataType]]:
    spec = TABLES[name]
    return spec.schema | ({_OWNER: pl.Int64} if spec.parent is None else {})


def _select(spec: TableSpec, asked: str) -> str:
    if spec.parent is None:
        columns = ", ".join(f"application.{name}" for name in (*spec.column_names, _OWNER))
        return f"SELECT {columns} FROM application JOIN ({asked}) AS asked USING (sk_id_curr)"
    columns = ", ".join(map(_of_history, spec.column_names))
    if spec.parent == "bureau":
        reports = f"({asked}) AS asked JOIN bureau ON bureau.sk_id_curr = asked.client_id"
        return f"SELECT {columns} FROM {reports} JOIN {spec.name} AS h ON h.sk_id_bureau = bureau.sk_id_bureau"
    return f"SELECT {columns} FROM ({asked}) AS asked JOIN {spec.name} AS h ON h.sk_id_curr = asked.client_id"


def _of_history(column: str) -> str:
    if column == "sk_id_curr":
        return "asked.sk_id_curr"
    return f"h.{column} + asked.place * {_APART}" if column in _KEYS else f"h.{column}"
