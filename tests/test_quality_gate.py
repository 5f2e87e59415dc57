"""The data quality gate at import and at snapshot: what it stores, what it refuses, and whose word lets it through."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.errors import ImportRefusedError, QualityError
from applications.models import Application, AuditEvent, BureauCredit, Kind, Role, User
from applications.services import quality
from applications.services.importing import Rules, comparing
from applications.services.quality import Acceptance, accept, limits, sentence
from applications.services.snapshots import take_snapshot
from modelling import bundle as bundles
from modelling import registry
from modelling.errors import TrainingDataError
from modelling.features.tables import Tables
from modelling.models import ModelVersion, QualityReport, TrainingRun
from modelling.quality.findings import FindingKind, Severity
from modelling.quality.profile import read_profile
from modelling.quality.tally import profile_folder
from modelling.training.run import Plan
from modelling.trainings import train_version
from tests.factories import UserFactory
from tests.import_layout import TODAY, import_folder, made_up_tables, write_layout
from tests.snapshot_folder import write_snapshot

pytestmark = pytest.mark.django_db
CLIENTS = 300
TABLES = made_up_tables(clients=CLIENTS)
Verdict = QualityReport.Verdict


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path / "snapshots")


@pytest.fixture
def manager() -> User:
    return UserFactory.create(role=Role.MANAGER, agency=None)


@pytest.fixture
def learnt(tmp_path: Path, small_bundle: Path) -> ModelVersion:
    """Promote a champion that learnt from the made-up tables, as real rows."""
    write_snapshot(tmp_path / "learnt", TABLES)
    return promoted(small_bundle, tables=profile_folder(tmp_path / "learnt").to_json())


def promoted(bundle: Path, *, tables: Mapping[str, Any] | None, is_demo: bool = False) -> ModelVersion:
    """Seal a copy of a bundle that says this of its tables, and put it in force."""
    folder = Path(tempfile.mkdtemp(dir=settings.BUNDLES_DIR))
    for path in bundle.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    lineage = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps({**lineage, "is_demo": is_demo}))
    (folder / bundles.TABLES).write_text(json.dumps(tables))
    if tables is None:
        (folder / bundles.TABLES).unlink()
    (folder / bundles.MANIFEST).unlink()
    (folder / bundles.MANIFEST).write_text(json.dumps(bundles._sums(folder)))
    return registry.promote(registry.register(folder), actor=None, note="test")


def spoilt(**columns: pl.Expr) -> Tables:
    return replace(TABLES, bureau=TABLES.bureau.with_columns(**columns))


NO_SUMS = {"amt_credit_sum": pl.lit(None, dtype=pl.Float64)}


def refused(folder: Path, tables: Tables) -> str:
    with pytest.raises(ImportRefusedError) as raised:
        import_folder(write_layout(folder, tables))
    return str(raised.value)


def take(name: str = "one", acceptance: Acceptance | None = None) -> QualityReport:
    take_snapshot(name, now=timezone.now(), held_out_share=0, acceptance=acceptance)
    return QualityReport.objects.get(occasion="snapshot", subject=name)


def test_a_first_import_has_nothing_to_compare_with_and_says_so(tmp_path: Path) -> None:
    report = import_folder(write_layout(tmp_path / "tables")).quality

    assert (report.verdict, report.obstacle, report.findings) == ("not_compared", "no_champion", [])
    assert sentence(report) == "Data quality: nothing to compare with, no champion yet."


def test_the_same_rows_as_the_champion_learnt_from_are_clean(learnt: ModelVersion, tmp_path: Path) -> None:
    report = import_folder(write_layout(tmp_path / "tables", TABLES)).quality

    assert (report.verdict, report.findings, report.compared_with) == (Verdict.CLEAN, [], learnt)
    assert report.rows == {"application": CLIENTS} | {
        name: getattr(TABLES, name).height for name in report.rows if name != "application"
    }
    assert len(report.rows) == 7


def test_an_import_that_blocks_is_refused_and_its_report_kept(learnt: ModelVersion, tmp_path: Path) -> None:
    said = refused(tmp_path / "tables", spoilt(**NO_SUMS))

    report = QualityReport.objects.get()
    assert report.is_blocking
    assert (report.findings[0]["kind"], report.findings[0]["column"]) == (FindingKind.MISSING, "amt_credit_sum")
    assert f"Data quality report {report.pk}" in said
    assert "bureau.amt_credit_sum: Share of rows without a value" in said
    assert "none of the rows of bureau was imported" in said
    assert "Imported before it: application." in said
    assert not BureauCredit.objects.exists()
    assert Application.objects.count() == CLIENTS


def test_a_person_lets_an_import_in_with_a_reason_and_that_is_on_record(
    learnt: ModelVersion, tmp_path: Path, manager: User
) -> None:
    rules = Rules(today=TODAY, acceptance=Acceptance(manager, "the bureau stopped telling sums"))

    report = import_folder(write_layout(tmp_path / "tables", spoilt(**NO_SUMS)), rules).quality

    assert (report.verdict, report.is_blocking, report.accepted_by) == (Verdict.BLOCKED, False, manager)
    assert BureauCredit.objects.count() == TABLES.bureau.height
    event = AuditEvent.objects.get(kind=Kind.QUALITY_ACCEPTED)
    assert (event.actor, event.subject_id) == (manager, str(report.pk))
    assert event.data["reason"] == "the bureau stopped telling sums"


def test_an_import_that_only_warns_goes_through(learnt: ModelVersion, tmp_path: Path) -> None:
    odd = spoilt(credit_type=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("Barter")).otherwise("credit_type"))

    report = import_folder(write_layout(tmp_path / "tables", odd)).quality

    assert (report.verdict, report.count(Severity.WARN), report.count(Severity.BLOCK)) == (Verdict.WARNED, 1, 0)
    report.refresh_from_db()
    assert report.findings[0]["words"] == ["Barter"]


def test_an_import_refused_for_its_rows_keeps_what_was_compared(learnt: ModelVersion, tmp_path: Path) -> None:
    doubled = replace(TABLES, bureau=pl.concat([TABLES.bureau, TABLES.bureau.head(1)]))

    assert "SK_ID_BUREAU" in refused(tmp_path / "tables", doubled)

    assert list(QualityReport.objects.get().rows) == ["application"]


def test_staged_rows_are_compared_piece_by_piece(
    learnt: ModelVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "PAGES_AT_ONCE", 1)

    report = import_folder(write_layout(tmp_path / "tables", TABLES)).quality

    assert (report.verdict, report.rows["pos_cash_balance"]) == (Verdict.CLEAN, TABLES.pos_cash_balance.height)


@pytest.mark.parametrize(("is_demo", "obstacle"), [(True, "demo_champion"), (False, "no_profile")])
def test_what_is_no_yardstick_is_named(
    db: None, small_bundle: Path, tmp_path: Path, *, is_demo: bool, obstacle: str
) -> None:
    """Real rows are not measured by made-up ones, nor by a bundle that does not say what its tables looked like."""
    promoted(small_bundle, tables=None, is_demo=is_demo)

    report = import_folder(write_layout(tmp_path / "tables")).quality

    assert (report.verdict, report.obstacle, report.compared_with) == ("not_compared", obstacle, None)


def test_a_bundle_says_what_its_tables_looked_like(champion: ModelVersion) -> None:
    yardstick = quality.champions_yardstick(is_demo=True)

    assert yardstick.version == champion
    assert yardstick.profile is not None
    assert yardstick.profile.tables["application"].rows == 600


def test_a_snapshot_notes_what_its_tables_look_like_and_is_compared(learnt: ModelVersion, tmp_path: Path) -> None:
    import_folder(write_layout(tmp_path / "tables", TABLES))

    report = take()

    assert report.verdict == Verdict.CLEAN
    noted = read_profile(settings.SNAPSHOTS_DIR / "one" / "profile.json")
    assert noted == profile_folder(settings.SNAPSHOTS_DIR / "one")


def test_training_refuses_a_blocked_snapshot_until_a_person_accepts_it(
    learnt: ModelVersion, tmp_path: Path, manager: User
) -> None:
    import_folder(write_layout(tmp_path / "tables", TABLES))
    BureauCredit.objects.update(amt_credit_sum=None)
    with pytest.raises(CommandError, match="Training refuses this snapshot until a person who read /quality/"):
        call_command("snapshot_tables", "--name", "one", "--held-out-share", "0")
    report = QualityReport.objects.get(occasion="snapshot")

    with pytest.raises(CommandError, match=f"Snapshot 'one' is blocked.*accept_quality {report.pk} --by"):
        call_command("train_model")
    assert not TrainingRun.objects.exists()

    call_command("accept_quality", str(report.pk), "--by", manager.username, "--reason", "the bureau changed")
    with pytest.raises(TrainingDataError, match="Unknown parameter"):  # so the gate let it through
        train_version("one", Plan(overrides={"unknown": 1}))


def test_a_snapshot_may_be_accepted_as_it_is_taken(learnt: ModelVersion, tmp_path: Path, manager: User) -> None:
    import_folder(write_layout(tmp_path / "tables", TABLES))
    BureauCredit.objects.update(amt_credit_sum=None)

    report = take(acceptance=Acceptance(manager, "known"))

    assert (report.verdict, report.is_blocking, report.accepted_reason) == (Verdict.BLOCKED, False, "known")


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.AUDITOR])
def test_who_may_not_accept_is_told_before_anything_is_done(role: Role, tmp_path: Path) -> None:
    person = UserFactory.create(role=role)
    rules = Rules(today=TODAY, acceptance=Acceptance(person, "because"))

    with pytest.raises(QualityError, match="may not accept"):
        import_folder(write_layout(tmp_path / "tables"), rules)
    assert not Application.objects.exists()


def test_only_a_block_is_accepted_once_and_with_a_reason(learnt: ModelVersion, tmp_path: Path, manager: User) -> None:
    refused(tmp_path / "tables", spoilt(**NO_SUMS))
    report = QualityReport.objects.get()

    with pytest.raises(QualityError, match="Say why"):
        accept(report, Acceptance(manager, " "))
    accept(report, Acceptance(manager, "known"))
    with pytest.raises(QualityError, match="there is nothing to accept"):
        accept(report, Acceptance(manager, "known"))


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"verdict": "blocked", "accepted_reason": "known"}, "a_block_is_accepted_with_reason"),
        ({"verdict": "not_compared"}, "not_compared_says_why"),
        ({"verdict": "clean", "obstacle": "no_champion"}, "not_compared_says_why"),
    ],
)
def test_the_database_keeps_reports_sound(facts: dict[str, str], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        QualityReport.objects.create(occasion="import", subject="x", **facts)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--accept-quality", "known"), "--accept-quality REASON and --by USERNAME go together"),
        (("--accept-quality", "known", "--by", "nobody"), "no active person with user name 'nobody'"),
    ],
)
def test_half_an_acceptance_is_none(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    for command in (("import_home_credit", str(tmp_path)), ("snapshot_tables",)):
        with pytest.raises(CommandError, match=said):
            call_command(*command, *options)


def test_a_report_that_is_not_there_is_named(manager: User) -> None:
    with pytest.raises(CommandError, match="There is no data quality report 99"):
        call_command("accept_quality", "99", "--by", manager.username, "--reason", "known")


def test_the_import_command_says_what_came_of_the_comparison(
    learnt: ModelVersion, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("import_home_credit", str(write_layout(tmp_path / "tables", TABLES)))

    assert f"against the tables of model version {learnt.number}: 0 findings block, 0 warn." in capsys.readouterr().out


def test_a_limit_for_no_kind_of_finding_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits().block["missing"] == 0.2
    monkeypatch.setattr(settings, "QUALITY_WARN", {"moon": 1.0})

    with pytest.raises(ImproperlyConfigured, match="QUALITY_WARN has no moon; it knows missing, outside"):
        limits()
