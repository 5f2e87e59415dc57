from __future__ import annotations

import gzip
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from applications.errors import ImportRefusedError
from applications.models import AuditEvent
from modelling.features.schema import TABLES
from tests.import_layout import assert_same, change, import_folder, made_up_tables, published, stored, write_layout

pytestmark = pytest.mark.django_db

Pack = Callable[[Path, Path], Path]


def as_csv(folder: Path, out: Path) -> Path:
    return folder


def as_gzip(folder: Path, out: Path) -> Path:
    for file in folder.iterdir():
        (out / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    return out


def as_zips(folder: Path, out: Path) -> Path:
    for file in folder.iterdir():
        with zipfile.ZipFile(out / f"{file.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(file, file.name)
            archive.writestr(f"__MACOSX/._{file.name}", "a shadow")
    return out


def as_one_zip(folder: Path, out: Path) -> Path:
    with zipfile.ZipFile(out / "home-credit-default-risk.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, f"data/{file.name}")
        archive.writestr("data/sample_submission.csv", "SK_ID_CURR,TARGET\n")
    return out / "home-credit-default-risk.zip"


def as_zip_of_gzips(folder: Path, out: Path) -> Path:
    with zipfile.ZipFile(out / "all.zip", "w") as archive:
        for file in folder.iterdir():
            archive.writestr(f"{file.name}.gz", gzip.compress(file.read_bytes()))
    return out / "all.zip"


def as_parquet(folder: Path, out: Path) -> Path:
    for stem, frame in published(made_up_tables()).items():
        frame.write_parquet(out / f"{stem}.parquet")
    return out


def as_typed_parquet_in_lower_case(folder: Path, out: Path) -> Path:
    types = {column.source: spec.schema[column.name] for spec in TABLES.values() for column in spec.columns}
    for stem, frame in published(made_up_tables()).items():
        typed = frame.cast({name: types[name] for name in frame.columns})
        typed.rename(str.lower).write_parquet(out / f"{stem.lower()}.parquet")
    return out


def as_shuffled_columns(folder: Path, out: Path) -> Path:
    for stem, frame in published(made_up_tables()).items():
        frame.select(reversed(frame.columns)).write_csv(out / f"{stem}.csv")
    return out


def as_windows_wrote_it(folder: Path, out: Path) -> Path:
    for stem, frame in published(made_up_tables()).items():
        frame.write_csv(out / f"{stem.upper()}.CSV", line_terminator="\r\n", include_bom=True, quote_style="always")
    return out


def without_a_last_line_end(folder: Path, out: Path) -> Path:
    for file in folder.iterdir():
        (out / file.name).write_bytes(file.read_bytes().rstrip(b"\n"))
    return out


ALL = [
    as_csv,
    as_gzip,
    as_zips,
    as_one_zip,
    as_zip_of_gzips,
    as_parquet,
    as_typed_parquet_in_lower_case,
    as_shuffled_columns,
    as_windows_wrote_it,
    without_a_last_line_end,
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_layout(tmp_path / "tables")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.mark.parametrize("pack", ALL)
def test_every_format_gives_the_same_rows(folder: Path, out: Path, pack: Pack) -> None:
    import_folder(pack(folder, out))

    assert_same(stored(), made_up_tables())


def test_files_of_the_archive_that_are_unknown_are_named(folder: Path, out: Path) -> None:
    report = import_folder(as_one_zip(folder, out))

    assert report.unknown == ("data/sample_submission.csv",)


def test_a_fault_in_an_archive_names_the_member(folder: Path, out: Path) -> None:
    change(folder / "bureau.csv", 3, "DAYS_CREDIT", "abc")

    with pytest.raises(ImportRefusedError, match=r"^home-credit-default-risk.zip/data/bureau.csv, line 3, DAYS_CREDIT"):
        import_folder(as_one_zip(folder, out))


def test_a_fault_in_a_parquet_file_names_the_row(folder: Path, out: Path) -> None:
    as_parquet(folder, out)
    bureau = published(made_up_tables())["bureau"]
    spoilt = pl.when(pl.int_range(pl.len()) == 4).then(1.5).otherwise("DAYS_CREDIT").alias("DAYS_CREDIT")
    bureau.with_columns(spoilt).write_parquet(out / "bureau.parquet")

    with pytest.raises(ImportRefusedError, match=r"^bureau.parquet, row 5, DAYS_CREDIT: 1.5 is not a whole number"):
        import_folder(out)


def test_a_zip_that_holds_two_tables_is_none(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bureau.csv.zip", "w") as archive:
        archive.write(folder / "bureau.csv", "bureau.csv")
        archive.write(folder / "bureau.csv", "again.csv")
    (folder / "bureau.csv").unlink()

    with pytest.raises(ImportRefusedError, match=r"should hold one .csv file; it holds 2"):
        import_folder(folder)


@pytest.mark.parametrize("pack", [as_csv, as_gzip, as_parquet])
def test_the_audit_event_holds_the_digest_of_the_file_itself(folder: Path, out: Path, pack: Pack) -> None:
    path = pack(folder, out)
    import_folder(path)

    event = AuditEvent.objects.get(subject_id="bureau")
    ((name, digest),) = event.data["files"].items()
    assert digest == hashlib.sha256((path / name).read_bytes()).hexdigest()
