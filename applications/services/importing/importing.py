"""The order of an import: look into every file, then load table after table, each in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from applications import audit
from applications.errors import ImportRefusedError
from applications.models import Kind
from applications.services.importing import checks
from applications.services.importing.comparing import QualityBlockedError, look_at_staged
from applications.services.importing.header import TableFile, look_into
from applications.services.importing.layout import find_layout
from applications.services.importing.merge import ARRIVED, merge_applications, merge_history
from applications.services.importing.progress import Progress
from applications.services.importing.rejects import Rejects, RowsRejectedError, write_rejects
from applications.services.importing.report import ImportReport, Merged, TableReport
from applications.services.importing.staging import Staged, create_staging, drop_staging, stage
from applications.services.locks import Deed, alone
from applications.services.quality import Acceptance, Gate, champions_yardstick, check_acceptance, sentence
from modelling.features.schema import TABLES, TableSpec
from modelling.features.schema import Kind as ColumnKind
from modelling.models import QualityReport

# An assessment, or the request for one, that is about older facts than the application has now.
_STALE = """
    SELECT sk_id_curr FROM application
    LEFT JOIN assessment ON assessment.id = current_assessment_id
    LEFT JOIN assessment_request AS request ON request.application_id = sk_id_curr
    WHERE coalesce(request.application_version, assessment.application_version) < application.version
    ORDER BY sk_id_curr
"""


class Orphans(StrEnum):
    """What to do with history rows of clients who have no application."""

    REJECT = "reject"
    SKIP = "skip"


@dataclass(frozen=True)
class Rules:
    """What the person who imports decided.

    today: applications are taken as received in the year before it. max_rejects: over all tables.
    is_demo: None to go by the mark in the folder. acceptance: a person's word to let in what data quality blocks.
    """

    today: date
    max_rejects: int = 0
    orphans: Orphans = Orphans.REJECT
    is_demo: bool | None = None
    acceptance: Acceptance | None = None


@dataclass(frozen=True)
class _Job:
    """One table to import."""

    spec: TableSpec
    rejects: Rejects
    rules: Rules
    is_demo: bool
    gate: Gate
    progress: Progress

    @property
    def files(self) -> list[TableFile]:
        return list(self.rejects.files)


def import_tables(path: Path, rules: Rules, progress: Progress) -> ImportReport:
    """Bring the tables of a folder or archive into the database; the same rows twice change nothing.

    Every file is looked into before the first row is loaded; a table is imported as a whole or not at all, and the
    tables before it stay. Whatever comes of it, what was compared with the champion's tables is kept in a report.
    Raises ImportRefusedError, with what to do, when files or rows are not what they should be or look unlike those.
    """
    if rules.acceptance:
        check_acceptance(rules.acceptance)
    layout = find_layout(path)
    files = {name: [look_into(TABLES[name], found) for found in came] for name, came in layout.files.items()}
    is_demo = layout.is_demo if rules.is_demo is None else rules.is_demo
    progress.start(sum(file.found.source.size_bytes for came in files.values() for file in came))
    with _only_import() as cursor:
        gate = Gate(QualityReport.Occasion.IMPORT, path.name, champions_yardstick(is_demo=is_demo))
        reports = _import_through(gate, files, rules, is_demo=is_demo, progress=progress)
        cursor.execute(_STALE)
        stale = tuple(row[0] for row in cursor.fetchall())
        return ImportReport(reports, layout.unknown, is_demo, stale, gate.conclude(rules.acceptance))


@contextmanager
def _only_import() -> Iterator[CursorWrapper]:
    """Hold the right to import, and the list of applications that arrive, for as long as it lasts."""
    with alone(Deed.IMPORT), connection.cursor() as cursor:
        # When this process is killed, PostgreSQL shall notice in the middle of a statement, not at its end.
        cursor.execute("SET client_connection_check_interval = '1s'")
        cursor.execute(f"CREATE TEMPORARY TABLE {ARRIVED} (sk_id_curr bigint PRIMARY KEY)")
        try:
            yield cursor
        finally:
            cursor.execute(f"DROP TABLE {ARRIVED}")
            cursor.execute("RESET client_connection_check_interval")


def _import_through(
    gate: Gate, files: Mapping[str, list[TableFile]], rules: Rules, *, is_demo: bool, progress: Progress
) -> tuple[TableReport, ...]:
    """Import table after table; a refusal leaves the report of what was compared so far."""
    try:
        return tuple(_import_each(gate, files, rules, is_demo=is_demo, progress=progress))
    except ImportRefusedError:
        if gate.tables:
            gate.conclude(rules.acceptance)
        raise


def _import_each(
    gate: Gate, files: Mapping[str, list[TableFile]], rules: Rules, *, is_demo: bool, progress: Progress
) -> Iterator[TableReport]:
    allowed, done = rules.max_rejects, list[str]()
    for name, came in files.items():
        job = _Job(TABLES[name], Rejects(came, allowed), rules, is_demo, gate, progress)
        try:
            report = _import_table(job)
        except RowsRejectedError:
            raise _refusal(job, done) from None
        except QualityBlockedError:
            raise _block(job, done) from None
        except ImportRefusedError as error:
            raise ImportRefusedError(f"{error} {_imported(done)}") from error
        allowed -= report.rejected
        done.append(name)
        yield report


@transaction.atomic
def _import_table(job: _Job) -> TableReport:
    with connection.cursor() as cursor:
        # For this transaction: enough to sort and hash the staged rows, and to build keys, in memory.
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL maintenance_work_mem = '256MB'")
        staged = _stage(cursor, job)
        set_aside = _check(cursor, job)
        _compare(cursor, job)
        job.progress.say(f"{job.spec.name}: writing")
        merged = _merge(cursor, job)
        drop_staging(cursor)
        cursor.execute(f"ANALYZE {job.spec.name} ({', '.join(_searched(job.spec))})")
    path = _write_rejects(job) if job.rejects.row_count else None
    rows = sum(file.rows for file in staged)
    report = TableReport(job.spec.name, rows, merged, job.rejects.row_count, set_aside, path)
    _record(job, report, staged)
    return report


def _searched(spec: TableSpec) -> list[str]:
    """Name the columns whose statistics decide how rows are found; PostgreSQL gathers the others' in its own time."""
    own = ["client_id", "agency_id", "received_on", "stage"] if spec.parent is None else []
    return [column.name for column in spec.columns if column.kind is ColumnKind.KEY] + own


def _stage(cursor: CursorWrapper, job: _Job) -> list[Staged]:
    create_staging(cursor, job.spec)
    staged = []
    for number, file in enumerate(job.files):
        job.progress.say(f"{job.spec.name}: reading {file.name}")
        staged.append(stage(cursor, job.rejects, number, job.progress))
    return staged


def _check(cursor: CursorWrapper, job: _Job) -> int:
    """Check the staged rows; returns how many were set aside. What remains staged can be merged."""
    job.progress.say(f"{job.spec.name}: checking")
    checks.check_values(cursor, job.spec, job.rejects)
    checks.check_repeats(cursor, job.spec, job.rejects)
    set_aside = _check_owners(cursor, job)
    checks.check_moves(cursor, job.spec, job.rejects)
    job.rejects.check()
    return set_aside


def _compare(cursor: CursorWrapper, job: _Job) -> None:
    """Look at what remains through the data quality gate."""
    job.progress.say(f"{job.spec.name}: comparing")
    if not look_at_staged(cursor, job.spec, job.gate) and job.rules.acceptance is None:
        raise QualityBlockedError


def _check_owners(cursor: CursorWrapper, job: _Job) -> int:
    if job.spec.parent is None:
        checks.check_strangers(cursor, job.rejects)
        return 0
    # That monthly rows name credits the bureau table lacks is a known fact of the published tables, and no error.
    if job.spec.parent == "bureau" or job.rules.orphans is Orphans.SKIP:
        return checks.set_aside(cursor, job.spec)
    checks.check_owners(cursor, job.spec, job.rejects)
    return 0


def _merge(cursor: CursorWrapper, job: _Job) -> Merged:
    if job.spec.parent is None:
        return merge_applications(cursor, job.spec, today=job.rules.today, is_demo=job.is_demo)
    return merge_history(cursor, job.spec)


def _record(job: _Job, report: TableReport, staged: list[Staged]) -> None:
    files = {file.name: came.sha256 for file, came in zip(job.files, staged, strict=True)}
    audit.record(
        Kind.TABLE_IMPORTED,
        actor=None,
        subject=("table", job.spec.name),
        data=report.numbers | {"files": files, "orphans": job.rules.orphans.value, "is_demo": job.is_demo},
    )


def _write_rejects(job: _Job) -> Path:
    return write_rejects(job.rejects, settings.REJECTS_DIR, timezone.now())


def _refusal(job: _Job, done: list[str]) -> ImportRefusedError:
    rejects = job.rejects
    orphaned = any(problem.reason.endswith(checks.NO_APPLICATION) for problem in rejects.problems)
    skip = " or leave the history of people without an application out with --orphans skip" if orphaned else ""
    return ImportRefusedError(
        f"{rejects.first()}. Rejected rows of {job.spec.name}: {rejects.row_count:,}, allowed: {rejects.allowed:,}; "
        f"so none of its rows was imported. They are in {_write_rejects(job)} with their reasons (personal data: "
        f"delete it when done). Correct the files{skip}, or let the rest in with --max-rejects {rejects.row_count}. "
        f"{_imported(done)}"
    )


def _block(job: _Job, done: list[str]) -> ImportRefusedError:
    report = job.gate.conclude(None)
    return ImportRefusedError(
        f"{sentence(report)} So none of the rows of {job.spec.name} was imported. Read /quality/{report.pk}, then "
        f"correct the files or let them in with --accept-quality REASON --by USERNAME. {_imported(done)}"
    )


def _imported(done: list[str]) -> str:
    return f"Imported before it: {', '.join(done) or 'nothing'}."
