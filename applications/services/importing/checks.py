"""Checks in SQL over the staged rows: what cannot be stored becomes a reject, what belongs to nobody is set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper

from applications.services.importing.rejects import Problem, Rejects
from applications.services.importing.staging import STAGED
from modelling.features.schema import Column, Kind, TableSpec

LARGEST_INTEGER = 2_147_483_647
NO_APPLICATION = "has no application"


@dataclass(frozen=True)
class _Fault:
    """A way in which a value cannot be stored. condition: SQL, true when it is so; reason: SQL text."""

    column: str
    condition: str
    reason: str


def check_values(cursor: CursorWrapper, spec: TableSpec, rejects: Rejects) -> None:
    """Reject rows with a value that the table cannot hold: an empty key, a fraction, a word too long."""
    faults = [fault for column in spec.columns for fault in _faults(column, _field(spec, column))]
    anything = " OR ".join(f"({fault.condition})" for fault in faults)
    if not _count(cursor, f"SELECT count(*) FROM {STAGED} WHERE {anything}"):
        return
    cases = ", ".join(f"('{f.column.upper()}', CASE WHEN {f.condition} THEN {f.reason} END)" for f in faults)
    _reject(
        cursor,
        rejects,
        f"SELECT file, row, fault.name, fault.reason FROM {STAGED}, LATERAL (VALUES {cases}) AS fault (name, reason) "
        f"WHERE ({anything}) AND fault.reason IS NOT NULL",
    )


def check_repeats(cursor: CursorWrapper, spec: TableSpec, rejects: Rejects) -> None:
    """Reject rows whose identifier stands in an earlier row, of this file or of the other one of the table."""
    if not spec.unique:
        return
    key = ", ".join(spec.unique)
    window = f"(PARTITION BY {key} ORDER BY file, row)"
    name = " ".join(spec.unique).upper()
    value = " || ' ' || ".join(f"{column}::text" for column in spec.unique)
    _reject(
        cursor,
        rejects,
        f"SELECT file, row, '{name}', {value} || ' stands in an earlier row already' "
        f"FROM (SELECT {key}, file, row, row_number() OVER {window} AS nth FROM {STAGED}) AS numbered WHERE nth > 1",
    )


def check_owners(cursor: CursorWrapper, spec: TableSpec, rejects: Rejects) -> None:
    """Reject rows of clients who have no application: nobody may keep the history of people who asked for nothing."""
    _reject(
        cursor,
        rejects,
        f"SELECT file, row, 'SK_ID_CURR', 'client ' || sk_id_curr || ' {NO_APPLICATION}' "
        f"FROM {STAGED} WHERE {without_owner(spec)}",
    )


def check_moves(cursor: CursorWrapper, spec: TableSpec, rejects: Rejects) -> None:
    """Reject rows whose identifier belongs here to a client whom the file does not name: who is right is unknown."""
    if spec.parent != "application" or not spec.unique:
        return
    same = " AND ".join(f"known.{column} = {STAGED}.{column}" for column in spec.unique)
    _reject(
        cursor,
        rejects,
        f"SELECT file, row, '{spec.unique[0].upper()}', "
        f"'it belongs to client ' || known.sk_id_curr || ' here, whom the file does not name' "
        f"FROM {STAGED} JOIN {spec.name} AS known ON {same} AND known.sk_id_curr <> {STAGED}.sk_id_curr "
        f"WHERE NOT EXISTS (SELECT FROM {STAGED} AS other WHERE other.sk_id_curr = known.sk_id_curr)",
    )


def check_strangers(cursor: CursorWrapper, rejects: Rejects) -> None:
    """Reject applications whose number was given here to another client, or as a client's: an imported one has both."""
    _reject(
        cursor,
        rejects,
        f"SELECT file, row, 'SK_ID_CURR', sk_id_curr || ' is here the number of somebody else' FROM {STAGED} "
        f"WHERE EXISTS (SELECT FROM application AS known WHERE known.sk_id_curr = {STAGED}.sk_id_curr "
        f"AND known.client_id <> known.sk_id_curr) "
        f"OR EXISTS (SELECT FROM application AS known WHERE known.client_id = {STAGED}.sk_id_curr) "
        f"AND NOT EXISTS (SELECT FROM application AS known WHERE known.sk_id_curr = {STAGED}.sk_id_curr)",
    )


def set_aside(cursor: CursorWrapper, spec: TableSpec) -> int:
    """Take rows that belong to nobody out of staging; returns how many."""
    cursor.execute(f"DELETE FROM {STAGED} WHERE {without_owner(spec)}")
    return int(cursor.rowcount)


def without_owner(spec: TableSpec) -> str:
    """Return the SQL condition on a staged row that its owner, a client or a bureau credit, is not here."""
    if spec.parent == "bureau":
        return f"NOT EXISTS (SELECT FROM bureau WHERE bureau.sk_id_bureau = {STAGED}.sk_id_bureau)"
    return f"NOT EXISTS (SELECT FROM application WHERE application.client_id = {STAGED}.sk_id_curr)"


def _reject(cursor: CursorWrapper, rejects: Rejects, select: str) -> None:
    """Move the rows that a query of (file, row, column, reason) finds from staging to the rejects."""
    cursor.execute(f"CREATE TEMPORARY TABLE faulty (file, row, name, reason) AS {select}")
    rows = _count(cursor, "SELECT count(*) FROM (SELECT DISTINCT file, row FROM faulty) AS rejected")
    if rows:
        rejects.add(_problems(cursor, rejects), rows)
        cursor.execute(
            f"DELETE FROM {STAGED} USING faulty WHERE (faulty.file, faulty.row) = ({STAGED}.file, {STAGED}.row)"
        )
    cursor.execute("DROP TABLE faulty")


def _problems(cursor: CursorWrapper, rejects: Rejects) -> Iterator[Problem]:
    cursor.execute(f"SELECT * FROM faulty ORDER BY file, row LIMIT {rejects.limit}")
    for file, row, column, reason in cursor.fetchall():
        yield Problem(file, rejects.line_of(file, row), column, reason)


def _count(cursor: CursorWrapper, query: str) -> int:
    cursor.execute(query)
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _field(spec: TableSpec, column: Column) -> models.Field[object, object]:
    model = next(model for model in apps.get_models() if model._meta.db_table == spec.name)
    return next(field for field in model._meta.concrete_fields if field.column == column.name)


def _faults(column: Column, field: models.Field[object, object]) -> Iterator[_Fault]:
    name = column.name
    if not field.null:
        yield _Fault(name, f"{name} IS NULL", "'it is empty'")
    match column.kind:
        case Kind.INTEGER:
            # NaN counts as larger than any number, so it is out of range too.
            yield _Fault(name, f"abs({name}) > {LARGEST_INTEGER}", f"{name} || ' is out of the range of whole numbers'")
            yield _Fault(name, f"{name} <> trunc({name})", f"{name} || ' is not a whole number'")
        case Kind.FLAG:
            yield _Fault(name, f"{name} NOT IN (0, 1)", f"{name} || ' is neither 0 nor 1'")
        case Kind.REAL:
            yield _Fault(name, f"abs({name}) >= 'Infinity'", f"{name} || ' is not a finite number'")
        case Kind.CATEGORY:
            yield _Fault(
                name,
                f"length({name}) > {field.max_length}",
                f"'it has ' || length({name}) || ' characters where {field.max_length} fit'",
            )
