from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from applications.models import Application, AuditEvent, BureauCredit, Client
from tests.factories import AgencyFactory, ApplicationFactory, ClientFactory
from tests.import_layout import change, import_folder, line, made_up_tables, refusal, write_layout

pytestmark = pytest.mark.django_db

Spoil = Callable[[Path], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_layout(tmp_path / "tables")


def bytes_in(file: Path, old: bytes, new: bytes) -> None:
    content = file.read_bytes()
    assert old in content
    file.write_bytes(content.replace(old, new, 1))


def append(file: Path, text: str) -> None:
    with file.open("a", encoding="utf-8", newline="") as stream:
        stream.write(text)


def rows_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def gzipped(file: Path) -> Path:
    packed = file.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    return packed


# -- files: refused before the first row is loaded


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda f: (f / "bureau.csv").unlink(), "tables lacks bureau. It holds: .*POS_CASH_balance.csv"),
        (
            lambda f: [(f / f"application_{part}.csv").unlink() for part in ("train", "test")],
            "lacks application_train or application_test",
        ),
        (lambda f: (f / "bureau.csv").write_bytes(b""), "bureau.csv is empty; expected a line of column names"),
        (
            lambda f: (f / "bureau.csv").write_text(line(f / "bureau.csv", 1) + "\n"),
            "bureau.csv has column names and no row",
        ),
        (
            lambda f: bytes_in(f / "bureau.csv", b",DAYS_CREDIT,", b",DAYS_CREDITS,"),
            "bureau.csv, line 1: it lacks DAYS_CREDIT and has unknown columns DAYS_CREDITS; 17 columns are expected",
        ),
        (lambda f: bytes_in(f / "application_train.csv", b",TARGET,", b",T,"), "application_train.csv.*lacks TARGET"),
        (lambda f: bytes_in(f / "bureau.csv", b",DAYS_CREDIT,", b",SK_ID_CURR,"), "repeats SK_ID_CURR"),
        (
            lambda f: (f / "bureau.csv").write_bytes((f / "bureau.csv").read_text().encode("utf-16")),
            "bureau.csv, line 1: the column names are no CSV in UTF-8",
        ),
        (
            lambda f: (f / "bureau.csv.gz").write_bytes(gzip.compress((f / "bureau.csv").read_bytes())),
            "bureau came 2 times: bureau.csv, bureau.csv.gz",
        ),
        (lambda f: (f / "bureau.csv").rename(f / "bureau.csv.zip"), "bureau.csv.zip is damaged.*no zip archive"),
        (lambda f: (f / "bureau.csv").rename(f / "bureau.csv.gz"), "bureau.csv.gz is damaged or cut short"),
        (lambda f: (f / "bureau.csv").rename(f / "bureau.parquet"), "bureau.parquet is damaged or cut short"),
    ],
)
def test_files_that_are_not_the_layout_are_refused_with_a_sentence_before_a_row_is_loaded(
    folder: Path, spoil: Spoil, sentence: str
) -> None:
    spoil(folder)

    said = refusal(folder)

    assert re.search(sentence, said), said
    assert not Application.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_path_that_is_neither_folder_nor_archive_is_refused(tmp_path: Path) -> None:
    assert "neither a folder nor a zip archive" in refusal(tmp_path / "nowhere")


# -- rows: the table is refused, those before it are in


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("DAYS_CREDIT", "abc", "'abc' is not a number"),
        ("DAYS_CREDIT", "1.5", "1.5 is not a whole number"),
        ("DAYS_CREDIT", "3000000000", "3000000000 is out of the range of whole numbers"),
        ("DAYS_CREDIT", "nan", "NaN is out of the range of whole numbers"),
        ("AMT_CREDIT_SUM", "12,5", "'12,5' is not a number"),
        ("AMT_CREDIT_SUM", "inf", "Infinity is not a finite number"),
        ("AMT_CREDIT_SUM", "1e999", "1e999 is out of the range of numbers"),
        ("SK_ID_BUREAU", "", "it is empty"),
        ("SK_ID_BUREAU", "12.0", "'12.0' is not a whole number"),
        ("SK_ID_BUREAU", str(2**63), f"{2**63} is too large a number"),
        ("CREDIT_TYPE", "x" * 61, "it has 61 characters where 60 fit"),
        ("CREDIT_TYPE", "two\nlines", "a quote is not closed on its line"),
        ("SK_ID_CURR", "999999", "client 999999 has no application"),
    ],
)
def test_a_value_that_cannot_be_stored_names_file_line_and_column(
    folder: Path, column: str, value: str, reason: str
) -> None:
    change(folder / "bureau.csv", 5, column, value)

    said = refusal(folder)

    named = "" if "quote" in reason else f", {column}"
    assert said.startswith(f"bureau.csv, line 5{named}: {reason}. ")
    assert not BureauCredit.objects.exists()
    assert Application.objects.count() == 20


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda f: append(f, "1,2,3\n"), "bureau.csv, line {end}: 17 fields are expected, 3 came"),
        (lambda f: append(f, "\n"), "bureau.csv, line {end}: 17 fields are expected, 0 came"),
        (lambda f: append(f, "\\.\n"), "bureau.csv, line {end}: 17 fields are expected, 1 came"),
        (lambda f: append(f, line(f, 3) + "\n"), "bureau.csv, line {end}, SK_ID_BUREAU: 200000. stands in an earlier"),
        (
            lambda f: append(f, line(f, 3).replace("Active", '"Active') + ',"\n'),
            "bureau.csv, line {end}: a quote is not",
        ),
        (
            lambda f: f.write_bytes(f.read_bytes() + line(f, 3).replace("currency", "dev\xe9").encode("latin-1")),
            "bureau.csv, line {end}, CREDIT_CURRENCY: byte 0xE9 is not UTF-8",
        ),
        (
            lambda f: f.write_bytes(f.read_bytes() + line(f, 3).replace("currency", "dev\0").encode()),
            "bureau.csv, line {end}, CREDIT_CURRENCY: it holds a zero byte",
        ),
    ],
)
def test_a_line_that_is_no_row_is_named(folder: Path, spoil: Spoil, sentence: str) -> None:
    file = folder / "bureau.csv"
    end = len(file.read_text().splitlines()) + 1

    spoil(file)

    said = refusal(folder)
    assert re.match(sentence.format(end=end), said), said
    assert not BureauCredit.objects.exists()


def test_a_flag_is_0_or_1(folder: Path) -> None:
    change(folder / "application_train.csv", 2, "TARGET", "2")

    assert refusal(folder).startswith("application_train.csv, line 2, TARGET: 2 is neither 0 nor 1. ")


def test_an_application_is_not_in_both_files(folder: Path) -> None:
    number = line(folder / "application_train.csv", 3).split(",")[0]
    change(folder / "application_test.csv", 2, "SK_ID_CURR", number)

    said = refusal(folder)

    assert said.startswith(f"application_test.csv, line 2, SK_ID_CURR: {number} stands in an earlier row already. ")
    assert not Client.objects.exists()


def test_a_truncated_gzip_is_named_and_nothing_of_its_table_stored(folder: Path) -> None:
    for number in range(3):  # enough bytes for its first lines to be readable
        append(folder / "bureau_balance.csv", f"2000000,{-50 - number},0\n" * 20_000)
    packed = gzipped(folder / "bureau_balance.csv")
    packed.write_bytes(packed.read_bytes()[:-20])

    said = refusal(folder)

    assert said.startswith("bureau_balance.csv.gz is damaged or cut short")
    assert said.endswith("Imported before it: application, bureau.")
    assert rows_of("bureau_balance") == 0


def test_history_of_people_without_application_is_refused_and_the_way_out_is_named(folder: Path) -> None:
    change(folder / "bureau.csv", 2, "SK_ID_CURR", "999999")

    assert "--orphans skip" in refusal(folder)


def test_the_way_out_for_orphans_is_not_named_for_other_faults(folder: Path) -> None:
    change(folder / "bureau.csv", 2, "DAYS_CREDIT", "abc")

    assert "--orphans" not in refusal(folder)


def test_a_credit_cannot_move_to_another_client_while_its_owner_is_not_in_the_file(folder: Path) -> None:
    import_folder(folder)
    file = folder / "bureau.csv"
    names, first, *others = file.read_text().splitlines(keepends=True)
    owner = first.split(",")[0]
    kept = [row for row in others if not row.startswith(owner)]
    file.write_text(names + first.replace(owner, kept[0].split(",")[0], 1) + "".join(kept))

    said = refusal(folder)

    assert re.match(rf"bureau.csv, line 2, SK_ID_BUREAU: it belongs to client {owner} here", said), said


@pytest.mark.parametrize("as_client", [True, False])
def test_a_number_that_is_somebody_elses_here_is_refused(folder: Path, as_client: bool) -> None:
    number = int(made_up_tables().application["sk_id_curr"][0])
    client = ClientFactory.create(id=number if as_client else 7)
    ApplicationFactory.create(client=client, sk_id_curr=5 if as_client else number, agency=AgencyFactory.create())

    assert "is here the number of somebody else" in refusal(folder)
