from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from applications.models import (
    Agency,
    Application,
    AuditEvent,
    Client,
    Kind,
    Stage,
)
from applications.services.importing import Orphans, Rules
from modelling.features.schema import TABLES
from tests.factories import AgencyFactory
from tests.import_layout import TODAY, assert_same, change, import_folder, made_up_tables, stored, write_layout

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_layout(tmp_path / "tables")


def test_what_was_in_the_files_is_in_the_tables(folder: Path) -> None:
    import_folder(folder)

    assert_same(stored(), made_up_tables())


def test_labelled_and_unlabelled_applications_come_together_each_with_its_client(folder: Path) -> None:
    import_folder(folder)

    assert Application.objects.filter(target=None).count() == 5
    assert Application.objects.exclude(target=None).count() == 15
    assert set(Client.objects.values_list("pk", flat=True)) == set(Application.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("left_out", ["application_train", "application_test"])
def test_one_of_the_two_application_files_is_enough(folder: Path, left_out: str) -> None:
    (folder / f"{left_out}.csv").unlink()

    import_folder(folder, Rules(today=TODAY, orphans=Orphans.SKIP))

    assert Application.objects.count() in {5, 15}


def test_a_new_application_is_to_assess_in_its_first_version(folder: Path) -> None:
    import_folder(folder)

    assert set(Application.objects.values_list("stage", "version")) == {(Stage.TO_ASSESS, 1)}


def test_the_day_of_receipt_is_spread_over_the_last_year_by_number(tmp_path: Path) -> None:
    import_folder(write_layout(tmp_path, made_up_tables(clients=300)))

    days = Application.objects.values_list("received_on", flat=True)
    assert min(days) >= TODAY - timedelta(days=365)
    assert max(days) < TODAY
    assert len(set(days)) > 150


def test_the_day_of_receipt_stays_when_the_rows_come_again_later(folder: Path) -> None:
    import_folder(folder)
    before = list(Application.objects.order_by("pk").values_list("received_on", flat=True))

    import_folder(folder, Rules(today=TODAY + timedelta(days=40)))

    assert list(Application.objects.order_by("pk").values_list("received_on", flat=True)) == before


def test_applications_spread_over_the_agencies_there_are(folder: Path) -> None:
    agencies = AgencyFactory.create_batch(2)

    import_folder(folder)

    assert Counter(Application.objects.values_list("agency", flat=True)) == {agency.pk: 10 for agency in agencies}


def test_without_an_agency_the_first_five_are_made(folder: Path) -> None:
    import_folder(folder)

    assert Agency.objects.count() == 5
    assert Application.objects.values("agency").distinct().count() == 5


def test_a_client_taken_in_later_gets_a_number_of_his_own(folder: Path) -> None:
    import_folder(folder)

    assert Client.objects.create().pk > max(Application.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("mark", "choice", "expected"), [(True, None, True), (False, None, False), (True, False, False)]
)
def test_demo_data_is_marked_by_its_folder_unless_told_otherwise(
    folder: Path, mark: bool, choice: bool | None, expected: bool
) -> None:
    if mark:
        (folder / "DEMO_DATA.txt").write_text("made up")

    import_folder(folder, Rules(today=TODAY, is_demo=choice))

    assert set(Application.objects.values_list("is_demo", flat=True)) == {expected}


def test_each_table_leaves_an_audit_event_with_its_counts_and_file_digests(folder: Path) -> None:
    report = import_folder(folder)

    events = AuditEvent.objects.filter(kind=Kind.TABLE_IMPORTED)
    assert [event.subject_id for event in events] == list(TABLES)
    assert [event.data["rows"] for event in events] == [table.rows for table in report.tables]
    assert set(events[0].data["files"]) == {"application_train.csv", "application_test.csv"}


def test_the_keys_of_a_table_are_the_same_after_its_first_rows_as_before(folder: Path) -> None:
    before = _keys()

    import_folder(folder)

    assert _keys() == before


def test_history_of_people_without_application_is_left_out_and_counted_when_told_so(folder: Path) -> None:
    change(folder / "bureau.csv", 2, "SK_ID_CURR", "999999")

    report = import_folder(folder, Rules(today=TODAY, orphans=Orphans.SKIP))

    assert report.tables[1].set_aside == 1
    assert report.tables[1].merged.inserted == report.tables[1].rows - 1


def test_months_of_unknown_credits_are_set_aside_and_no_error(folder: Path) -> None:
    change(folder / "bureau_balance.csv", 2, "SK_ID_BUREAU", "999999")

    report = import_folder(folder)

    assert report.tables[2].set_aside == 1


def test_rows_of_unknown_previous_applications_are_kept(folder: Path) -> None:
    change(folder / "POS_CASH_balance.csv", 2, "SK_ID_PREV", "999999")

    report = import_folder(folder)

    assert report.tables[4].merged.inserted == report.tables[4].rows
    assert 999999 in stored().pos_cash_balance["sk_id_prev"]


def _keys() -> set[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
            "UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
        return set(cursor.fetchall())
