"""Taking in what became of loans: a file of observed outcomes, as a whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

import polars as pl
from django.db import connection, transaction

from applications import audit
from applications.errors import OutcomesError
from applications.models import Application, Kind, User

COLUMNS = ("id", "date", "defaulted")
SHOWN = 20
_STAGE = "CREATE TEMPORARY TABLE came (application_id bigint, observed_on date, defaulted boolean)"
_KEEP = """
    INSERT INTO observed_outcome AS known (application_id, observed_on, defaulted, imported_at)
    SELECT application_id, observed_on, defaulted, now() FROM came ORDER BY application_id
    ON CONFLICT (application_id) DO UPDATE
    SET observed_on = excluded.observed_on, defaulted = excluded.defaulted, imported_at = excluded.imported_at
    WHERE (known.observed_on, known.defaulted) IS DISTINCT FROM (excluded.observed_on, excluded.defaulted)
    RETURNING xmax = 0
"""
# What training learns from: the outcome is no fact an assessment was made from, so no version rises.
_LEARN = """
    UPDATE application SET target = came.defaulted::integer
    FROM came WHERE sk_id_curr = came.application_id AND target IS DISTINCT FROM came.defaulted::integer
"""


@dataclass(frozen=True)
class TakenIn:
    """Outcomes by what became of them."""

    new: int
    changed: int
    unchanged: int


def import_outcomes(path: Path, *, today: date, actor: User | None) -> TakenIn:
    """Take in a CSV file with the columns id, date and defaulted (0 or 1); an outcome seen again replaces the first.

    Raises OutcomesError naming the first faulty lines, the line of names being 1; nothing is taken in then.
    """
    content = _read(path)
    rows = _parsed(content)
    faults = sorted(_faults(rows, today))
    if faults:
        raise OutcomesError(_told(faults))
    taken = _store(rows, hashlib.sha256(content).hexdigest(), actor)
    return TakenIn(taken.new, taken.changed, rows.height - taken.new - taken.changed)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutcomesError(f"{path} cannot be read ({error.strerror}); nothing was taken in.") from error


def _parsed(content: bytes) -> pl.DataFrame:
    """Give the rows as they stand and as they are meant: line, id, date, defaulted; what makes no sense is null."""
    try:
        text = pl.read_csv(content, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise OutcomesError(f"The file is no CSV in UTF-8 ({error}); nothing was taken in.") from error
    text = text.rename({name: name.strip().lower() for name in text.columns})
    if missing := [name for name in COLUMNS if name not in text.columns]:
        raise OutcomesError(f"Line 1 should name the columns {', '.join(COLUMNS)}; it lacks {', '.join(missing)}.")
    words = [pl.col(name).str.strip_chars() for name in COLUMNS]
    return text.select(
        words[0].cast(pl.Int64, strict=False).alias("id"),
        words[1].str.to_date("%Y-%m-%d", strict=False).alias("date"),
        words[2].replace_strict({"0": False, "1": True}, default=None, return_dtype=pl.Boolean).alias("defaulted"),
        *(pl.col(name).fill_null("").alias(f"{name}_text") for name in COLUMNS),
    ).with_row_index("line", offset=2)


def _faults(rows: pl.DataFrame, today: date) -> Iterator[tuple[int, str]]:
    """Give what is wrong, by line."""
    if rows.is_empty():
        yield 1, "the file has column names and no row"
    expected = {"id": "the number of an application", "date": "a day such as 2026-09-30", "defaulted": "0 or 1"}
    for name, what in expected.items():
        for line, text in rows.filter(pl.col(name).is_null()).select("line", f"{name}_text").iter_rows():
            yield line, f"{name} should be {what}; came {text!r}"
    is_again = ~pl.col("id").is_first_distinct() & pl.col("id").is_not_null()
    for line, number in rows.filter(is_again).select("line", "id").iter_rows():
        yield line, f"application {number} stands in an earlier line already"
    for line, day in rows.filter(pl.col("date") > today).select("line", "date").iter_rows():
        yield line, f"{day} is in the future"
    yield from _strangers(rows)


def _strangers(rows: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """Give the lines about applications that are not here, or that are older than their outcome."""
    numbers = rows["id"].drop_nulls().to_list()
    found = Application.objects.filter(pk__in=numbers).values_list("pk", "received_on")
    known = pl.DataFrame(list(found), schema={"id": pl.Int64, "received_on": pl.Date}, orient="row")
    asked = rows.filter(pl.col("id").is_not_null()).join(known, on="id", how="left")
    for line, number in asked.filter(pl.col("received_on").is_null()).select("line", "id").iter_rows():
        yield line, f"there is no application {number}"
    too_early = asked.filter(pl.col("date") < pl.col("received_on"))
    for line, day, received in too_early.select("line", "date", "received_on").iter_rows():
        yield line, f"{day} is before the application was received, on {received}"


def _told(faults: list[tuple[int, str]]) -> str:
    lines = len({line for line, _ in faults})
    shown = "; ".join(f"line {line}: {fault}" for line, fault in faults[:SHOWN])
    more = f"; and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
    return f"{lines} lines are faulty, so nothing was taken in. {shown}{more}."


@transaction.atomic
def _store(rows: pl.DataFrame, digest: str, actor: User | None) -> TakenIn:
    body = rows.select("id", "date", "defaulted").write_csv(include_header=False)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with connection.wrap_database_errors:
            cursor.copy_expert("COPY came FROM STDIN (FORMAT csv)", StringIO(body))
        cursor.execute(_KEEP)
        is_new = [row[0] for row in cursor.fetchall()]
        cursor.execute(_LEARN)
        cursor.execute("DROP TABLE came")
    taken = TakenIn(sum(is_new), len(is_new) - sum(is_new), 0)
    data = {"rows": rows.height, "new": taken.new, "changed": taken.changed, "sha256": digest}
    audit.record(Kind.OUTCOMES_IMPORTED, actor=actor, subject=("outcomes", digest[:16]), data=data)
    return taken
