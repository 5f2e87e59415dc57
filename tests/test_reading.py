from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import polars as pl
import pytest

from modelling.errors import TableSchemaError
from modelling.features.files import as_stored, write_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.reading import read_folder
from tests.lab_tables import random_tables
from tests.small_bundle import made_up_tables


def published(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename(str.upper)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    published(made_up_tables(20).application).write_csv(tmp_path / "application_train.csv")
    return tmp_path


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "csv.zip", "parquet"])
def test_every_form_of_the_published_layout_reads_the_same(tmp_path: Path, ending: str) -> None:
    tables = made_up_tables(20)
    path = tmp_path / f"application_train.{ending}"
    text = published(tables.application).write_csv().encode()
    if ending == "parquet":
        published(tables.application).write_parquet(path)
    elif ending == "csv.zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("application_train.csv", text)
    else:
        path.write_bytes(gzip.compress(text) if ending == "csv.gz" else text)

    assert read_folder(tmp_path).tables.application.equals(tables.application)


def test_the_files_of_a_snapshot_read_as_the_tables_they_were_written_from(tmp_path: Path) -> None:
    tables = random_tables(7)
    owned = tables.bureau_balance.filter(pl.col("sk_id_bureau").is_in(tables.bureau["sk_id_bureau"].implode()))
    for name, rows in as_stored(tables).items():
        write_table(rows.lazy(), TABLES[name], tmp_path)

    read = read_folder(tmp_path)
    found = read.tables

    assert read.absent == ()
    assert found.bureau_balance.sort(pl.all()).equals(owned.sort(pl.all()))
    assert found.bureau.sort(pl.all()).equals(tables.bureau.sort(pl.all()))


def test_history_tables_that_are_absent_count_as_empty_and_are_named(folder: Path) -> None:
    found = read_folder(folder)

    assert set(found.absent) == set(TABLES) - {"application"}
    assert found.tables.bureau.is_empty()


def test_a_whole_number_may_be_written_with_a_decimal_point(folder: Path) -> None:
    path = folder / "application_train.csv"
    frame = pl.read_csv(path, infer_schema=False)
    frame.with_columns(pl.col("SK_ID_CURR", "TARGET", "DAYS_BIRTH") + ".0").write_csv(path)

    assert read_folder(folder).tables.application.equals(made_up_tables(20).application)


def test_a_fraction_in_a_column_of_whole_numbers_is_refused(folder: Path) -> None:
    path = folder / "application_train.csv"
    pl.read_csv(path, infer_schema=False).with_columns(DAYS_BIRTH=pl.lit("-9000.5")).write_csv(path)

    with pytest.raises(TableSchemaError, match=r"application_train\.csv holds fractions .*'DAYS_BIRTH'"):
        read_folder(folder)


def test_both_application_files_are_read_and_the_unlabelled_have_no_target(folder: Path) -> None:
    unlabelled = made_up_tables(30).application.filter(pl.col("sk_id_curr") > 20).drop("target")
    published(unlabelled).write_csv(folder / "application_test.csv")

    application = read_folder(folder).tables.application

    assert application.height == 30
    assert application["target"].null_count() == 10


def test_history_of_clients_without_application_is_left_out_and_counted(folder: Path) -> None:
    spec = TABLES["bureau"]
    bureau = pl.DataFrame({"sk_id_curr": [1, 2, 999], "sk_id_bureau": [10, 20, 30]})
    empty = [pl.lit(None, dtype=kind).alias(name) for name, kind in spec.schema.items() if name not in bureau]
    published(bureau.with_columns(empty).select(spec.column_names)).write_csv(folder / "bureau.csv")

    found = read_folder(folder)

    assert found.strays == {"bureau": 1}
    assert found.tables.bureau["sk_id_bureau"].to_list() == [10, 20]


def test_an_application_that_stands_there_twice_is_named(folder: Path) -> None:
    published(made_up_tables(3).application.drop("target")).write_csv(folder / "application_test.csv")

    with pytest.raises(TableSchemaError, match=r"more than once, such as 1, 2, 3"):
        read_folder(folder)


def test_bad_folders_and_files_are_told_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(TableSchemaError, match="There is no folder"):
        read_folder(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(TableSchemaError, match="holds no application_train or application_test"):
        read_folder(tmp_path / "empty")
    whole = (folder / "application_train.csv").read_bytes()
    (folder / "application_train.csv").write_bytes(whole.replace(b"AMT_CREDIT,", b"AMT_KREDIT,"))
    with pytest.raises(TableSchemaError, match=r"lacks columns \[amt_credit\] and has unknown columns \[amt_kredit\]"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bureau.csv", b"", r"bureau\.csv cannot be read"),
        (
            "bureau.csv.gz",
            gzip.compress(b"SK_ID_CURR,SK_ID_BUREAU\n" + b"1,2\n" * 9999, mtime=0)[:60],
            r"bureau\.csv\.gz cannot be read",
        ),
        ("bureau.csv.zip", b"PK no zip", r"bureau\.csv\.zip cannot be read"),
        ("bureau.csv", b"SK_ID_CURR,SK_ID_BUREAU\n1,many\n", r"bureau\.csv holds text where a number belongs"),
        ("bureau.csv", b"SK_ID_CURR,CREDIT_TYPE\n1,Cr\xe9dit\n", r"bureau\.csv cannot be read"),
    ],
)
def test_a_file_that_is_no_such_table_is_named(folder: Path, name: str, content: bytes, sentence: str) -> None:
    (folder / name).write_bytes(content)

    with pytest.raises(TableSchemaError, match=sentence):
        read_folder(folder)


def test_reading_gives_checked_tables(folder: Path) -> None:
    assert isinstance(read_folder(folder).tables, Tables)
