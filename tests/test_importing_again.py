from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from applications.models import (
    Application,
    Assessment,
    AssessmentRequest,
    Policy,
    Stage,
)
from applications.services.importing.keys import keys_made_at_the_end
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.models import ModelVersion
from tests.import_layout import assert_same, change, import_folder, made_up_tables, stored, write_layout
from tests.lab_tables import by_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_layout(tmp_path / "tables")


@pytest.fixture
def assessed(champion: ModelVersion, policy: Policy) -> Callable[[int], Assessment]:
    """Give a function that stores an assessment of an application as it is."""

    def assess(number: int) -> Assessment:
        application = Application.objects.get(pk=number)
        assessment = Assessment.objects.create(
            application=application,
            application_version=application.version,
            model_version=champion,
            policy=policy,
            probability=0.1,
            recommendation="refer",
            risk_level="medium",
            base=0.0,
            values=b"",
            contributions=b"",
            reasons={},
        )
        Application.objects.filter(pk=number).update(current_assessment=assessment, stage=Stage.TO_DECIDE)
        return assessment

    return assess


def versions() -> dict[int, int]:
    return dict(Application.objects.values_list("pk", "version"))


def owner_of(tables: Tables, table: str) -> int:
    frame = by_name(tables)[table]
    if table == "bureau_balance":
        frame = frame.join(tables.bureau.select("sk_id_bureau", "sk_id_curr"), on="sk_id_bureau", maintain_order="left")
    return int(frame["sk_id_curr"][0])


def test_the_same_rows_twice_change_nothing(folder: Path) -> None:
    import_folder(folder)
    before = versions()

    report = import_folder(folder)

    assert versions() == before
    assert all(table.merged.inserted == table.merged.updated == 0 for table in report.tables)
    assert [table.merged.unchanged for table in report.tables] == [table.rows for table in report.tables]
    assert_same(stored(), made_up_tables())


def test_the_same_rows_twice_write_no_row(folder: Path) -> None:
    import_folder(folder)
    places = _places()

    import_folder(folder)

    assert _places() == places


def test_a_changed_application_gets_its_values_and_a_new_version(folder: Path) -> None:
    import_folder(folder)
    number = made_up_tables().application.filter(pl.col("target").is_not_null())["sk_id_curr"][0]
    change(folder / "application_train.csv", 2, "AMT_CREDIT", "123456.5")

    report = import_folder(folder)

    assert Application.objects.get(pk=number).amt_credit == 123456.5
    assert [pk for pk, version in versions().items() if version == 2] == [number]
    assert report.tables[0].merged.updated == 1


@pytest.mark.parametrize("table", [name for name in TABLES if name != "application"])
def test_a_changed_history_row_raises_the_version_of_its_client_alone(folder: Path, table: str) -> None:
    import_folder(folder)
    owner = owner_of(made_up_tables(), table)
    column = {"installments_payments": "AMT_PAYMENT", "previous_application": "AMT_CREDIT", "bureau": "AMT_ANNUITY"}
    change(folder / f"{TABLES[table].files[0]}.csv", 2, column.get(table, "MONTHS_BALANCE"), "-90")

    import_folder(folder)

    assert [pk for pk, version in versions().items() if version == 2] == [owner]


def test_a_row_that_is_gone_from_a_clients_history_goes(folder: Path) -> None:
    import_folder(folder)
    file = folder / "bureau.csv"
    names, gone, *kept = file.read_text().splitlines(keepends=True)
    assert sum(line.startswith(gone.split(",")[0]) for line in kept)
    file.write_text(names + "".join(kept))

    report = import_folder(folder)

    credit = int(gone.split(",")[1])
    assert credit not in stored().bureau["sk_id_bureau"]
    assert credit not in stored().bureau_balance["sk_id_bureau"]
    assert report.tables[1].merged.updated > 0


def test_clients_who_are_not_in_the_files_are_left_alone(folder: Path, tmp_path: Path) -> None:
    import_folder(folder)
    other = made_up_tables()
    few = other.of_clients(other.application["sk_id_curr"].head(8))

    import_folder(write_layout(tmp_path / "few", few))

    assert_same(stored(), made_up_tables())


def test_an_outcome_that_is_known_later_is_stored_and_no_new_version(folder: Path) -> None:
    import_folder(folder)
    unlabelled = Application.objects.filter(target=None).values_list("pk", flat=True)[0]
    tables = made_up_tables()
    outcome = pl.when(pl.col("sk_id_curr") == unlabelled).then(1).otherwise("target").cast(pl.Int8).alias("target")
    frames = dict(by_name(tables)) | {"application": tables.application.with_columns(outcome)}

    import_folder(write_layout(folder, Tables.of(frames)))

    application = Application.objects.get(pk=unlabelled)
    assert (application.target, application.version) == (1, 1)


def test_a_file_without_outcomes_takes_none_back(folder: Path) -> None:
    import_folder(folder)
    frames = dict(by_name(made_up_tables()))
    unlabelled = Tables.of(frames | {"application": frames["application"].drop("target")})
    (folder / "application_train.csv").unlink()
    write_layout(folder, unlabelled)
    (folder / "application_train.csv").unlink()

    import_folder(folder)

    assert Application.objects.exclude(target=None).count() == 15


def test_a_changed_application_that_was_assessed_asks_to_be_assessed_again(
    folder: Path, assessed: Callable[[int], Assessment]
) -> None:
    import_folder(folder)
    first, second = made_up_tables().application.filter(pl.col("target").is_not_null())["sk_id_curr"][:2]
    assessed(first)
    assessed(second)
    change(folder / "application_train.csv", 2, "AMT_CREDIT", "123456.5")

    report = import_folder(folder)

    assert report.stale == (first,)
    assert Application.objects.get(pk=first).stage == Stage.TO_ASSESS
    assert Application.objects.get(pk=second).stage == Stage.TO_DECIDE


def test_the_command_asks_for_what_is_stale_in_the_queue_of_the_whole_book(
    folder: Path, assessed: Callable[[int], Assessment], capsys: pytest.CaptureFixture[str]
) -> None:
    import_folder(folder)
    number = made_up_tables().application.filter(pl.col("target").is_not_null())["sk_id_curr"][0]
    assessed(number)
    change(folder / "application_train.csv", 2, "AMT_CREDIT", "123456.5")

    call_command("import_home_credit", folder)

    request = AssessmentRequest.objects.get()
    assert (request.application_id, request.application_version, request.queue) == (number, 2, "book")
    assert "1 new versions of known applications, 1 assessments asked for again" in capsys.readouterr().out


def test_an_open_request_about_older_facts_is_asked_again(folder: Path) -> None:
    import_folder(folder)
    number = made_up_tables().application.filter(pl.col("target").is_not_null())["sk_id_curr"][0]
    AssessmentRequest.objects.create(application_id=number, application_version=1, enqueued_at="2026-09-01T00:00Z")
    change(folder / "application_train.csv", 2, "AMT_CREDIT", "123456.5")

    assert import_folder(folder).stale == (number,)


def _places() -> list[tuple[object, ...]]:
    places = []
    with connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(f"SELECT ctid::text, xmin::text FROM {name}")
            places += cursor.fetchall()
    return sorted(places)


def test_a_row_put_in_before_the_table_was_locked_stays_and_the_keys_come_back_as_they_were(folder: Path) -> None:
    import_folder(folder)
    with connection.cursor() as cursor:
        before = indexes_and_rows(cursor)

        with keys_made_at_the_end(cursor, "pos_cash_balance"):
            pass

        assert indexes_and_rows(cursor) == before
        assert before[1] > 0


def indexes_and_rows(cursor: CursorWrapper) -> tuple[list[tuple[str]], int]:
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'pos_cash_balance' ORDER BY indexname")
    indexes = cursor.fetchall()
    cursor.execute("SELECT count(*) FROM pos_cash_balance")
    return indexes, cursor.fetchone()[0]
