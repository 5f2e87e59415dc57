"""The staged rows of a table, looked at through the data quality gate before they are merged."""

from __future__ import annotations

from io import BytesIO

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from applications.services.importing.staging import STAGED
from applications.services.quality import Gate
from modelling.features.schema import Kind, TableSpec
from modelling.quality.tally import TableTally

PAGES_AT_ONCE = 8_000  # of 8 kB each
_CAST = {Kind.INTEGER: "::integer", Kind.FLAG: "::smallint"}


class QualityBlockedError(Exception):
    """The staged rows differ so much from what the champion learnt from that a person must say they are right."""


def look_at_staged(cursor: CursorWrapper, spec: TableSpec, gate: Gate) -> bool:
    """Compare the staged rows with the champion's; tells whether they may pass without a person's word."""
    if not gate.compares:
        return True
    tally = TableTally(spec)
    cursor.execute("SELECT pg_relation_size(%s) / current_setting('block_size')::integer", (STAGED,))
    (pages,) = cursor.fetchone()
    for page in range(0, pages, PAGES_AT_ONCE):
        tally.add(_rows(cursor, spec, page))
    return gate.look_at(spec.name, tally.profile())


def _rows(cursor: CursorWrapper, spec: TableSpec, page: int) -> pl.DataFrame:
    """Read the staged rows of some pages; a whole number is written as one, though it is staged as a double."""
    columns = ", ".join(f"{column.name}{_CAST.get(column.kind, '')}" for column in spec.columns)
    within = f"ctid >= '({page},0)' AND ctid < '({page + PAGES_AT_ONCE},0)'"
    buffer = BytesIO()
    with connection.wrap_database_errors:  # this method of the driver's cursor is not wrapped by Django
        cursor.copy_expert(f"COPY (SELECT {columns} FROM {STAGED} WHERE {within}) TO STDOUT (FORMAT csv)", buffer)
    if not buffer.tell():
        return pl.DataFrame(schema=spec.schema)
    buffer.seek(0)
    return pl.read_csv(buffer, has_header=False, schema=spec.schema)
