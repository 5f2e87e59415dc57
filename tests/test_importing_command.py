from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from applications.errors import BusyError
from modelling.features.schema import TABLES
from tests.import_layout import change, import_folder, refusal, write_layout

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_layout(tmp_path / "tables")


def test_the_command_leaves_with_status_1_and_the_sentence(folder: Path) -> None:
    change(folder / "bureau.csv", 3, "DAYS_CREDIT", "abc")

    with pytest.raises(CommandError, match=r"bureau.csv, line 3, DAYS_CREDIT: 'abc' is not a number") as raised:
        call_command("import_home_credit", folder)

    assert raised.value.returncode == 1


def test_the_command_takes_no_negative_number_of_rejects(folder: Path) -> None:
    with pytest.raises(CommandError, match="'-1' is not a number of rows"):
        call_command("import_home_credit", folder, "--max-rejects=-1")


def test_the_command_names_the_files_it_does_not_know(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("sample_submission.csv", "HomeCredit_columns_description.csv", "README.md", "linked_clients.csv.gz"):
        (folder / name).write_text("x")

    call_command("import_home_credit", folder)

    said = capsys.readouterr().out
    assert "Left alone" in said
    assert all(name in said for name in ("sample_submission.csv", "README.md", "linked_clients.csv.gz"))


def test_the_command_says_the_counts_of_each_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_home_credit", folder)

    said = capsys.readouterr().out
    assert "application: 20 rows, 20 new, 0 updated, 0 unchanged." in said
    assert all(f"{name}: " in said for name in TABLES)


def test_two_imports_at_once_are_refused(folder: Path) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(4021, 1)")

        with pytest.raises(BusyError, match="Another import is running"):
            import_folder(folder)
    finally:
        other.close()


def test_an_agency_rule_nobody_knows_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "AGENCY_RULE", "by_moon")

    assert "AGENCY_RULE is 'by_moon'; it should be one of by_id" in refusal(folder)
