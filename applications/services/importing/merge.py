"""From staging to the tables: new rows in, changed rows replaced, applications raised to a new version."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

from django.db.backends.utils import CursorWrapper

from applications.models import Stage
from applications.services.importing.agencies import agency_expression
from applications.services.importing.keys import keys_made_at_the_end
from applications.services.importing.report import Merged
from applications.services.importing.staging import CHANGED, STAGED
from modelling.features.schema import Column, Kind, TableSpec

_CAST = {Kind.INTEGER: "::integer", Kind.FLAG: "::smallint"}
# Applications this import brought: their history comes in the same import and makes no second version of them.
ARRIVED = "arrived"
# A new version waits for a new assessment; what a person decided stands.
_STAGE = f"CASE WHEN stage = '{Stage.TO_DECIDE}' THEN '{Stage.TO_ASSESS}' ELSE stage END"
_DAYS_SPREAD = 365


def merge_applications(cursor: CursorWrapper, spec: TableSpec, *, today: date, is_demo: bool) -> Merged:
    """Insert the new applications with their clients, update those whose facts changed."""
    updated, touched = _update_changed(cursor, spec)
    inserted = _insert_new(cursor, spec, today=today, is_demo=is_demo)
    return Merged(inserted, updated, unchanged=_count(cursor, STAGED) - inserted - updated, touched=touched)


def merge_history(cursor: CursorWrapper, spec: TableSpec) -> Merged:
    """Replace, as a whole, the rows of each owner (client or bureau credit) whose rows are not the same as before."""
    is_first = _is_empty(cursor, spec.name)
    _find_changed_owners(cursor, spec, is_first=is_first)
    before, inserted = _count(cursor, STAGED), _sum_rows(cursor, is_new=True)
    updated = _sum_rows(cursor, is_new=False)
    if not is_first:
        _delete_changed(cursor, spec)
    with keys_made_at_the_end(cursor, spec.name) if is_first else nullcontext():
        _insert_changed(cursor, spec, is_first=is_first)
    touched = _raise_versions(cursor, spec)
    return Merged(inserted, updated, unchanged=before - inserted - updated, touched=touched)


def _update_changed(cursor: CursorWrapper, spec: TableSpec) -> tuple[int, int]:
    """Write changed facts; returns how many applications changed, and how many of them in more than the outcome.

    An outcome seen later is no fact an assessment was made from, and a file without outcomes takes none back.
    """
    facts = [column for column in spec.columns if column.name not in {"sk_id_curr", "target"}]
    stored = ", ".join(f"application.{column.name}" for column in facts)
    came = ", ".join(_typed(column) for column in facts)
    outcome = f"coalesce({STAGED}.target::smallint, application.target)"
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE {CHANGED} AS
        SELECT sk_id_curr, differs FROM {STAGED} JOIN application USING (sk_id_curr),
               LATERAL (SELECT ROW({stored}) IS DISTINCT FROM ROW({came})) AS facts (differs)
        WHERE differs OR {outcome} IS DISTINCT FROM application.target
        """
    )
    cursor.execute(
        f"""
        WITH locked AS MATERIALIZED (
            SELECT sk_id_curr FROM application JOIN {CHANGED} USING (sk_id_curr)
            ORDER BY sk_id_curr FOR UPDATE OF application)
        UPDATE application SET ({", ".join(column.name for column in facts)}) = ROW({came}), target = {outcome},
               version = version + differs::integer, stage = CASE WHEN differs THEN {_STAGE} ELSE stage END
        FROM locked JOIN {CHANGED} USING (sk_id_curr) JOIN {STAGED} USING (sk_id_curr)
        WHERE application.sk_id_curr = locked.sk_id_curr
        """
    )
    return int(cursor.rowcount), _count(cursor, f"{CHANGED} WHERE differs")


def _insert_new(cursor: CursorWrapper, spec: TableSpec, *, today: date, is_demo: bool) -> int:
    cursor.execute(
        f"INSERT INTO {ARRIVED} SELECT sk_id_curr FROM {STAGED} WHERE NOT EXISTS "
        f"(SELECT FROM application WHERE application.sk_id_curr = {STAGED}.sk_id_curr)"
    )
    cursor.execute(f"INSERT INTO client (id) SELECT sk_id_curr FROM {ARRIVED} ORDER BY 1 ON CONFLICT DO NOTHING")
    is_first = _is_empty(cursor, spec.name)
    with keys_made_at_the_end(cursor, spec.name) if is_first else nullcontext():
        inserted = _insert_arrived(cursor, spec, today=today, is_demo=is_demo)
    _count_clients_on(cursor)
    return inserted


def _insert_arrived(cursor: CursorWrapper, spec: TableSpec, *, today: date, is_demo: bool) -> int:
    columns = ", ".join(column.name for column in spec.columns)
    cursor.execute(
        f"INSERT INTO application ({columns}, client_id, agency_id, received_on, is_demo) "
        f"SELECT {', '.join(_typed(column) for column in spec.columns)}, sk_id_curr, {agency_expression()}, "
        f"%s::date - 1 - {_days_ago()}, %s FROM {STAGED} JOIN {ARRIVED} USING (sk_id_curr) ORDER BY sk_id_curr",
        (today, is_demo),
    )
    return int(cursor.rowcount)


def _days_ago() -> str:
    """Return the SQL expression that spreads applications over a year, by number.

    The published rows bear no date. Knuth's multiplicative hash keeps the day apart from the agency, which goes by
    number too.
    """
    return f"((mod(sk_id_curr, 2147483647) * 2654435761 & 4294967295) * {_DAYS_SPREAD} >> 32)::integer"


def _count_clients_on(cursor: CursorWrapper) -> None:
    """Let the numbers of clients taken in at the counter follow the largest one imported."""
    sequence = "pg_get_serial_sequence('client', 'id')::regclass"
    cursor.execute(f"SELECT setval({sequence}, greatest(max(id), pg_sequence_last_value({sequence}), 1)) FROM client")


def _find_changed_owners(cursor: CursorWrapper, spec: TableSpec, *, is_first: bool) -> None:
    """Fill `changed`: the owners whose set of rows is new or another one, with the number of their rows."""
    owner = spec.parent_key
    if is_first:
        select = f"SELECT {owner}, count(*) AS rows, true AS is_new FROM {STAGED} GROUP BY {owner}"
    else:
        stored = ", ".join(column.name for column in spec.columns)
        select = f"""
            SELECT {owner}, came.rows, stored.rows IS NULL AS is_new
            FROM ({_fingerprints(owner, ", ".join(map(_typed, spec.columns)), STAGED)}) AS came
            LEFT JOIN ({_fingerprints(owner, stored, spec.name)}) AS stored USING ({owner})
            WHERE (stored.rows, stored.hash) IS DISTINCT FROM (came.rows, came.hash)
        """
    cursor.execute(f"CREATE TEMPORARY TABLE {CHANGED} AS {select}")
    cursor.execute(f"ANALYZE {CHANGED}")


def _fingerprints(owner: str | None, columns: str, table: str) -> str:
    """Return the query of each owner's rows: their number and a 64-bit hash each, summed, whatever their order."""
    row_hash = f"hash_record_extended(ROW({columns}), 0)"
    return f"SELECT {owner}, count(*) AS rows, sum({row_hash}) AS hash FROM {table} GROUP BY {owner}"


def _delete_changed(cursor: CursorWrapper, spec: TableSpec) -> None:
    if spec.name == "bureau":
        # Months of a credit that is no longer reported; those of a credit that stays are the next table's business.
        cursor.execute(
            f"DELETE FROM bureau_balance USING bureau JOIN {CHANGED} USING (sk_id_curr) "
            f"WHERE bureau_balance.sk_id_bureau = bureau.sk_id_bureau AND NOT EXISTS "
            f"(SELECT FROM {STAGED} WHERE {STAGED}.sk_id_bureau = bureau.sk_id_bureau)"
        )
    owner = spec.parent_key
    cursor.execute(
        f"DELETE FROM {spec.name} USING {CHANGED} WHERE {CHANGED}.{owner} = {spec.name}.{owner} AND NOT is_new"
    )


def _insert_changed(cursor: CursorWrapper, spec: TableSpec, *, is_first: bool) -> None:
    """Insert in the order of the owners, so that the rows of one stand together on the disk."""
    owner = spec.parent_key
    columns = ", ".join(column.name for column in spec.columns)
    typed = ", ".join(map(_typed, spec.columns))
    cursor.execute(
        f"INSERT INTO {spec.name} ({columns}) SELECT {typed} FROM {STAGED} "
        f"{'' if is_first else f'WHERE {owner} IN (SELECT {owner} FROM {CHANGED})'} ORDER BY {owner}"
    )


def _raise_versions(cursor: CursorWrapper, spec: TableSpec) -> int:
    """Give the applications of changed clients a new version, but for those that arrived in this import, unassessed."""
    clients = f"SELECT sk_id_curr FROM {CHANGED}"
    if spec.parent == "bureau":
        clients = f"SELECT sk_id_curr FROM {CHANGED} JOIN bureau USING (sk_id_bureau)"
    cursor.execute(
        f"""
        WITH locked AS MATERIALIZED (
            SELECT sk_id_curr FROM application
            WHERE client_id IN ({clients}) AND NOT ({_unseen()})
            ORDER BY sk_id_curr FOR UPDATE)
        UPDATE application SET version = version + 1, stage = {_STAGE}
        FROM locked WHERE application.sk_id_curr = locked.sk_id_curr
        """
    )
    return int(cursor.rowcount)


def _unseen() -> str:
    return f"""
        EXISTS (SELECT FROM {ARRIVED} WHERE {ARRIVED}.sk_id_curr = application.sk_id_curr)
        AND NOT EXISTS (SELECT FROM assessment WHERE application_id = application.sk_id_curr)
        AND NOT EXISTS (SELECT FROM assessment_request WHERE application_id = application.sk_id_curr)
    """


def _typed(column: Column) -> str:
    return f"{STAGED}.{column.name}{_CAST.get(column.kind, '')}"


def _is_empty(cursor: CursorWrapper, table: str) -> bool:
    return _count(cursor, f"(SELECT FROM {table} LIMIT 1) AS any_row") == 0


def _count(cursor: CursorWrapper, rows_of: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {rows_of}")
    return int(cursor.fetchone()[0])


def _sum_rows(cursor: CursorWrapper, *, is_new: bool) -> int:
    cursor.execute(f"SELECT coalesce(sum(rows), 0) FROM {CHANGED} WHERE is_new = %s", (is_new,))
    return int(cursor.fetchone()[0])
