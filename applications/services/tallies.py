"""Counting what pages show of whole tables: the portfolio's probabilities, each table's rows and clients.

A live count of 356,000 assessments takes a second on a busy machine, of 27 million rows several; a stored one is a row.
So a task looks twice a minute at how much PostgreSQL says was written to the tables, and counts again what has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from applications.models import Tally
from applications.selectors.portfolio import BINS, PORTFOLIO
from applications.selectors.table_map import CLIENT, tally_name
from modelling.features.schema import TABLES, TableSpec

Facts = dict[str, Any]

# Every row ever inserted, updated or deleted. It starts again from 0 after a crash, which merely counts once more.
_WRITTEN = """
    SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables
    WHERE schemaname = current_schema() AND relname = ANY(%s)
"""
_PORTFOLIO = """
    SELECT agency_id, recommendation, least(floor(probability * %s), %s - 1)::integer AS bin, count(*)
    FROM application JOIN assessment ON assessment.id = current_assessment_id
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
# In one scan: how many rows, of how many clients.
_ROWS_OF_CLIENTS = (
    "SELECT coalesce(sum(rows), 0), count(*) FROM (SELECT count(*) AS rows FROM {table} GROUP BY {owner})"
)
_MONTHS_OF_CLIENTS = """
    SELECT coalesce(sum(rows), 0), count(DISTINCT sk_id_curr)
    FROM (SELECT sk_id_bureau, count(*) AS rows FROM bureau_balance GROUP BY 1) AS months
    JOIN bureau USING (sk_id_bureau)
"""


@dataclass(frozen=True)
class Counted:
    """One thing to count: the tables it is counted from, and how."""

    name: str
    tables: tuple[str, ...]
    count: Callable[[], Facts]


def renew_tallies() -> tuple[str, ...]:
    """Count again what has changed since it was counted; returns the names of that. Safe to run twice, or at once."""
    stamps = dict(Tally.objects.values_list("name", "stamp"))
    renewed = []
    for counted in _everything():
        stamp = _written(counted.tables)
        if stamps.get(counted.name) != stamp:
            store(counted, stamp)
            renewed.append(counted.name)
    return tuple(renewed)


def count_everything() -> None:
    """Count all of it now, whether it has changed or not."""
    for counted in _everything():
        store(counted, _written(counted.tables))


def store(counted: Counted, stamp: int) -> None:
    """Count one thing and keep the figures. stamp: taken before counting, so that a later change is not missed."""
    Tally.objects.update_or_create(
        name=counted.name, defaults={"stamp": stamp, "counted_at": timezone.now(), "facts": counted.count()}
    )


def _everything() -> Iterator[Counted]:
    yield Counted(PORTFOLIO, ("application",), _portfolio)
    yield Counted(tally_name(CLIENT), (CLIENT,), _clients)
    for spec in TABLES.values():
        tables = (spec.name, spec.parent) if spec.parent == "bureau" else (spec.name,)
        yield Counted(tally_name(spec.name), tables, _counter(spec))


def _written(tables: tuple[str, ...]) -> int:
    return int(_row(_WRITTEN, [list(tables)])[0])


def _portfolio() -> Facts:
    """Give how many applications lie in each bin of probability, by agency and recommendation."""
    found: dict[str, dict[str, list[list[int]]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PORTFOLIO, (BINS, BINS))
        for agency, recommendation, place, applications in cursor.fetchall():
            found.setdefault(str(agency), {}).setdefault(recommendation, []).append([place, applications])
    return {"agencies": found}


def _clients() -> Facts:
    (clients,) = _row("SELECT count(*) FROM client")
    return {"rows": clients, "clients": clients}


def _counter(spec: TableSpec) -> Callable[[], Facts]:
    query = _MONTHS_OF_CLIENTS if spec.parent == "bureau" else _ROWS_OF_CLIENTS
    owner = spec.parent_key or "client_id"

    def count() -> Facts:
        rows, clients = _row(query.format(table=spec.name, owner=owner))
        return {"rows": int(rows), "clients": int(clients)}

    return count


def _row(query: str, parameters: Sequence[list[str]] = ()) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: tuple[Any, ...] = cursor.fetchone()
    return found
