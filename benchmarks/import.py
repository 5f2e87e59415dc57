"""Import beside raw COPY: python3 start.py bench import [--clients N].

The same demo CSV files are loaded three times, each time into a fresh database:

- the product's import, from an empty installation to the committed rows: digest, checks, data quality, keys, audit;
- COPY into tables with the product's keys, foreign keys and indexes: the same rows, in the same state afterwards, but
  unchecked. This is what the last line compares with. The files write whole numbers as "1.0", so these columns are
  double precision there; the clients' own rows stand there beforehand;
- COPY into bare tables without any key: nobody could use them, but there is no quicker way into PostgreSQL.

COPY is timed before the import and after it, and its mean counts.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from benchmarks._bench_site import BenchSite, environment_of, make_database
from benchmarks._demo_folder import demo_files, home
from modelling.features.schema import TABLES, Kind, TableSpec

DEFAULT_CLIENTS = 20_000
NAME = "bench_import"
_TYPES = {Kind.KEY: "bigint", Kind.CATEGORY: "text"}
# What an application has beside its published columns.
_OWN = {"client_id": "100001", "agency_id": "1", "received_on": "current_date", "is_demo": "true"}


def main() -> None:
    """Run all three and print them."""
    parser = argparse.ArgumentParser(prog="python3 start.py bench import", description=__doc__)
    parser.add_argument("--clients", type=int, default=DEFAULT_CLIENTS, help="demo clients (%(default)s)")
    folder = demo_files(parser.parse_args().clients)
    before = _copies(folder)
    imported = _import(folder)
    after = _copies(folder)
    bare, keyed = (mean(both) for both in zip(before, after, strict=True))
    _print(folder, {"import, checks included": imported, "COPY, same keys": keyed, "COPY, no keys": bare})
    print(f"ratio {bare / imported:.2f} (raw COPY into tables without any key: seconds of COPY / of the import)")
    print(f"ratio {keyed / imported:.2f} (raw COPY into tables with the same keys: seconds of COPY / of the import)")


def _print(folder: Path, seconds: dict[str, float]) -> None:
    megabytes = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
    print(f"{megabytes:,.0f} MB of CSV, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    for name, took in seconds.items():
        print(f"  {name:<25}{took:8.1f} s, {megabytes / took:6.1f} MB a second")


def _migrated() -> BenchSite:
    make_database(NAME)
    place = home() / NAME
    place.mkdir(parents=True, exist_ok=True)
    site = BenchSite(NAME, place, environment_of(NAME, place))
    site.manage("migrate", "--noinput")
    return site


def _import(folder: Path) -> float:
    site = _migrated()
    began = time.perf_counter()
    site.manage("import_home_credit", str(folder))
    return time.perf_counter() - began


def _copies(folder: Path) -> tuple[float, float]:
    """Time COPY into tables without keys and with them."""
    return _copy(folder, _make_bare), _copy(folder, lambda: _make_keyed(folder))


def _copy(folder: Path, make_tables: Callable[[], None]) -> float:
    make_tables()
    with closing(_connection()) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for spec in TABLES.values():
            for path in _files(folder, spec):
                with path.open("rb") as rows:
                    names = rows.readline().decode().strip().lower()
                    cursor.copy_expert(f"COPY {spec.name} ({names}) FROM STDIN (FORMAT csv)", rows, 1 << 18)
            connection.commit()
        return time.perf_counter() - began


def _make_bare() -> None:
    make_database(NAME)
    with closing(_connection()) as connection, connection, connection.cursor() as cursor:
        for spec in TABLES.values():
            columns = ", ".join(f"{one.name} {_TYPES.get(one.kind, 'double precision')}" for one in spec.columns)
            cursor.execute(f"CREATE TABLE {spec.name} ({columns})")


def _make_keyed(folder: Path) -> None:
    """Make the product's tables ready for rows as the files write them."""
    _migrated()
    with closing(_connection()) as connection, connection, connection.cursor() as cursor:
        for spec in TABLES.values():
            loose = [one.name for one in spec.columns if one.kind in {Kind.INTEGER, Kind.FLAG}]
            changes = ", ".join(f"ALTER COLUMN {name} TYPE double precision" for name in loose)
            cursor.execute(f"ALTER TABLE {spec.name} {changes}")
        defaults = ", ".join(f"ALTER COLUMN {name} SET DEFAULT {value}" for name, value in _OWN.items())
        cursor.execute(f"ALTER TABLE application {defaults}")
        cursor.execute("INSERT INTO agency (id, code, name) VALUES (1, 'bench', 'Bench')")
        _put_clients(cursor, folder)


def _put_clients(cursor: Any, folder: Path) -> None:
    cursor.execute("CREATE TEMPORARY TABLE numbers (id bigint)")
    for path in _files(folder, TABLES["application"]):
        with path.open() as rows:
            place = next(rows).strip().lower().split(",").index("sk_id_curr")
            cursor.execute("INSERT INTO numbers SELECT unnest(%s)", ([int(row.split(",")[place]) for row in rows],))
    cursor.execute("INSERT INTO client (id) SELECT id FROM numbers UNION SELECT 100001")


def _files(folder: Path, spec: TableSpec) -> list[Path]:
    return [path for path in (folder / f"{stem}.csv" for stem in spec.files) if path.exists()]


def _connection() -> Any:
    return psycopg2.connect(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{NAME}").geturl())


if __name__ == "__main__":
    main()
