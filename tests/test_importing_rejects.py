from __future__ import annotations

import csv
import re
import stat
from pathlib import Path

import pytest
from django.conf import settings

from applications.models import BureauCredit
from applications.services.importing import Rules
from tests.import_layout import TODAY, change, import_folder, line, made_up_tables, refusal, write_layout

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_layout(tmp_path / "tables")


def rejects(sentence: str) -> list[dict[str, str]]:
    found = re.search(rf"{settings.REJECTS_DIR}\S+\.csv", sentence)
    assert found, sentence
    with Path(found[0]).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_offending_row_is_in_the_rejects_file_with_its_line_and_all_its_reasons(folder: Path) -> None:
    file = folder / "bureau.csv"
    change(file, 3, "DAYS_CREDIT", "abc")
    change(file, 3, "AMT_ANNUITY", "x")
    change(file, 5, "CREDIT_TYPE", "x" * 61)
    change(file, 7, "DAYS_CREDIT", "1.5")

    rows = rejects(refusal(folder))

    assert [(row["file"], row["line"], row["column"]) for row in rows] == [
        ("bureau.csv", "3", "DAYS_CREDIT AMT_ANNUITY"),
        ("bureau.csv", "5", "CREDIT_TYPE"),
        ("bureau.csv", "7", "DAYS_CREDIT"),
    ]
    assert rows[0]["reason"] == "'abc' is not a number; 'x' is not a number"
    assert [row["row"] for row in rows] == [line(file, number) for number in (3, 5, 7)]


def test_only_its_owner_may_read_the_rejects_file(folder: Path) -> None:
    change(folder / "bureau.csv", 3, "DAYS_CREDIT", "abc")

    refusal(folder)

    files = list(settings.REJECTS_DIR.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_so_many_rows_may_be_left_out_as_allowed(folder: Path) -> None:
    change(folder / "bureau.csv", 3, "DAYS_CREDIT", "abc")
    change(folder / "bureau.csv", 5, "DAYS_CREDIT", "1.5")

    report = import_folder(folder, Rules(today=TODAY, max_rejects=2))

    bureau = report.tables[1]
    assert (bureau.rejected, bureau.merged.inserted) == (2, bureau.rows - 2)
    assert bureau.rejects_path is not None
    assert bureau.rejects_path.exists()


def test_one_row_more_than_allowed_refuses_the_table(folder: Path) -> None:
    change(folder / "bureau.csv", 3, "DAYS_CREDIT", "abc")
    change(folder / "bureau.csv", 5, "DAYS_CREDIT", "1.5")

    assert "Rejected rows of bureau: 2, allowed: 1;" in refusal(folder, max_rejects=1)
    assert not BureauCredit.objects.exists()


def test_what_is_allowed_counts_over_all_tables(folder: Path) -> None:
    change(folder / "bureau.csv", 3, "DAYS_CREDIT", "abc")
    change(folder / "POS_CASH_balance.csv", 3, "SK_DPD", "abc")

    assert "Rejected rows of pos_cash_balance: 1, allowed: 0;" in refusal(folder, max_rejects=1)


def test_the_months_of_a_credit_that_was_rejected_are_set_aside(folder: Path) -> None:
    credit = int(made_up_tables().bureau_balance["sk_id_bureau"][0])
    number = made_up_tables().bureau["sk_id_bureau"].to_list().index(credit) + 2
    change(folder / "bureau.csv", number, "DAYS_CREDIT", "abc")

    report = import_folder(folder, Rules(today=TODAY, max_rejects=1))

    assert report.tables[2].set_aside > 0


def test_lines_are_counted_right_after_others_were_left_out(folder: Path) -> None:
    change(folder / "bureau.csv", 3, "DAYS_CREDIT", "abc")
    change(folder / "bureau.csv", 4, "DAYS_CREDIT", "abc")
    change(folder / "bureau.csv", 6, "DAYS_CREDIT", "1.5")

    assert [row["line"] for row in rejects(refusal(folder))] == ["3", "4", "6"]


def test_more_rejects_than_are_listed_are_still_counted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.services.importing.rejects.LISTED_AT_MOST", 3)
    for number in range(2, 8):
        change(folder / "bureau.csv", number, "DAYS_CREDIT", "abc")

    said = refusal(folder)

    assert "Rejected rows of bureau: 6," in said
    assert len(rejects(said)) == 3
