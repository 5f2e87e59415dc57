from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from modelling.feature_store.feature_file import find_features
from tests.lab_tables import Shape, random_tables
from tests.snapshot_folder import write_snapshot

TABLES = random_tables(3, Shape(clients=5))


@pytest.fixture(autouse=True)
def snapshots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path / "snapshots")
    write_snapshot(tmp_path / "snapshots" / "one", TABLES)
    return tmp_path / "snapshots"


def build(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("build_features", *options)
    return capsys.readouterr().out


def test_the_command_says_how_many_were_computed_and_takes_over_what_was_built_last(
    snapshots: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (snapshots / "latest").symlink_to("one")

    first = build(capsys)
    write_snapshot(snapshots / "two", TABLES)
    second = build(capsys, "--snapshot", "two")

    assert first == (
        f"Features of 5 clients are in {snapshots.resolve()}/one/features.parquet: 5 computed, 0 reused, 0 dropped.\n"
    )
    assert second.endswith("0 computed, 5 reused, 0 dropped since one.\n")


def test_a_snapshot_may_be_given_by_its_folder(
    snapshots: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", snapshots / "elsewhere")
    monkeypatch.chdir(snapshots)

    assert "5 computed" in build(capsys, "--snapshot", "one", "--workers", "1")
    assert find_features(snapshots / "one") is not None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--snapshot", "two"), r"no snapshot 'two'; known are one"),
        (("--snapshot", "one", "--workers", "0"), "'0' is not a number of ranges, 1 or more"),
        (("--snapshot", "one", "--cluster", "nowhere://"), "No Dask scheduler answers at 'nowhere://'"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(options: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("build_features", *options)


def test_a_table_changed_since_the_snapshot_was_taken_is_named(snapshots: Path) -> None:
    TABLES.bureau.head(1).write_parquet(snapshots / "one" / "bureau.parquet")

    with pytest.raises(CommandError, match=r"bureau\.parquet of snapshot 'one' was changed since it was taken"):
        call_command("build_features", "--snapshot", "one")
