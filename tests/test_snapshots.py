from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from applications.errors import BusyError, SnapshotError
from applications.models import Application, AuditEvent, Kind
from applications.services import snapshots
from applications.services.snapshots import Manifest, Watch, take_snapshot
from modelling.features.files import rows_of, scan_table
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.training.dataset import open_snapshot
from tests.factories import ApplicationFactory, ClientFactory
from tests.import_layout import assert_same, import_folder, made_up_tables, write_layout

pytestmark = pytest.mark.django_db
CLIENTS = 60


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path / "snapshots")


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    tables = made_up_tables(clients=CLIENTS)
    import_folder(write_layout(tmp_path / "tables", tables))
    return tables


def take(name: str = "one", *, held_out_share: float = 0.3, watch: Watch = iter) -> Manifest:
    return take_snapshot(name, now=timezone.now(), held_out_share=held_out_share, watch=watch)


def read(folder: Path) -> Tables:
    return Tables.of({name: rows_of(spec, scan_table(folder, name)) for name, spec in TABLES.items()})


def test_a_snapshot_and_what_it_holds_out_are_together_everything(tables: Tables) -> None:
    take()

    folder = settings.SNAPSHOTS_DIR / "one"
    kept, out = read(folder), read(folder / "held_out")
    assert_same(Tables(**{name: pl.concat([getattr(kept, name), getattr(out, name)]) for name in TABLES}), tables)


def test_only_labelled_applications_are_held_out_with_all_their_history(tables: Tables) -> None:
    take()

    out = read(settings.SNAPSHOTS_DIR / "one" / "held_out")
    assert 0 < out.application.height < CLIENTS / 2
    assert out.application["target"].null_count() == 0
    assert_same(out, tables.of_clients(out.application["sk_id_curr"]))


def test_the_same_clients_are_held_out_whatever_else_is_stored(tables: Tables) -> None:
    take("before")
    for number in range(1, 41):
        ApplicationFactory.create(target=0, client=ClientFactory.create(id=number))
    take("after")

    before = read(settings.SNAPSHOTS_DIR / "before" / "held_out").application["sk_id_curr"]
    after = read(settings.SNAPSHOTS_DIR / "after" / "held_out").application["sk_id_curr"]
    assert set(before) == set(after) & set(tables.application["sk_id_curr"])
    assert len(after) > len(before)


def test_the_same_rows_give_the_same_digest_whatever_their_order_on_the_disk(tables: Tables) -> None:
    first = take("one")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE moved AS SELECT * FROM pos_cash_balance ORDER BY random()")
        cursor.execute("DELETE FROM pos_cash_balance")
        cursor.execute("INSERT INTO pos_cash_balance SELECT * FROM moved")

    second = take("two")

    assert (second.digest, second.files) == (first.digest, first.files)


def test_one_changed_value_gives_another_digest(tables: Tables) -> None:
    first = take("one")
    Application.objects.filter(pk=tables.application["sk_id_curr"][0]).update(amt_credit=1.0)

    assert take("two").digest != first.digest


def test_the_manifest_says_what_the_files_are(tables: Tables) -> None:
    take()

    folder = settings.SNAPSHOTS_DIR / "one"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert set(manifest) == {
        "name", "created_at", "digest", "rows", "held_out", "held_out_share", "is_demo", "files",
    }  # fmt: skip
    assert manifest["files"] == {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.parquet")
    }
    assert manifest["rows"]["application"] + manifest["held_out"]["application"] == CLIENTS
    assert manifest["held_out_share"] == 0.3


def test_training_can_open_the_latest_snapshot(tables: Tables) -> None:
    take("one")
    manifest = take("two")

    snapshot = open_snapshot(settings.SNAPSHOTS_DIR, "latest")

    assert (snapshot.name, snapshot.digest, snapshot.is_demo) == ("two", manifest.digest, False)
    assert snapshot.tables().application.height == manifest.rows["application"]


def test_a_snapshot_of_demo_data_says_so(tables: Tables) -> None:
    Application.objects.filter(pk=tables.application["sk_id_curr"][0]).update(is_demo=True)

    assert take().is_demo


def test_many_ranges_give_the_same_rows_as_one(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    take("one")
    monkeypatch.setattr(snapshots, "APPLICATIONS_AT_ONCE", 7)
    take("two")

    assert_same(read(settings.SNAPSHOTS_DIR / "one"), read(settings.SNAPSHOTS_DIR / "two"))


def test_nothing_may_be_held_out(tables: Tables) -> None:
    manifest = take(held_out_share=0)

    assert set(manifest.held_out.values()) == {0}
    assert manifest.rows["application"] == CLIENTS


def test_what_breaks_off_leaves_no_snapshot_and_the_next_one_clears_it_away(tables: Tables) -> None:
    def broken(ranges: Sequence[range]) -> Iterable[range]:
        yield ranges[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(watch=broken)
    assert not list(settings.SNAPSHOTS_DIR.glob("*/manifest.json"))

    take()

    assert sorted(path.name for path in settings.SNAPSHOTS_DIR.iterdir()) == ["latest", "one"]


def test_a_snapshot_leaves_an_audit_event(tables: Tables) -> None:
    manifest = take()

    event = AuditEvent.objects.get(kind=Kind.SNAPSHOT_TAKEN)
    assert (event.subject_id, event.data["digest"]) == ("one", manifest.digest)


def test_its_folder_is_for_its_owner_alone(tables: Tables) -> None:
    take()

    assert (settings.SNAPSHOTS_DIR / "one").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "share", "sentence"),
    [
        ("../up", 0.1, "cannot name a snapshot"),
        ("latest", 0.1, "cannot name a snapshot"),
        ("one", 1.0, r"A share of 1\.0 cannot be held out"),
        ("one", -0.1, "cannot be held out"),
    ],
)
def test_a_bad_name_or_share_is_refused(tables: Tables, name: str, share: float, sentence: str) -> None:
    with pytest.raises(SnapshotError, match=sentence):
        take(name, held_out_share=share)


def test_a_name_is_given_once(tables: Tables) -> None:
    take()

    with pytest.raises(SnapshotError, match="'one' exists already"):
        take()


def test_without_applications_there_is_nothing_to_take() -> None:
    with pytest.raises(CommandError, match="no application to take a snapshot of"):
        call_command("snapshot_tables")


def test_two_snapshots_at_once_are_refused(tables: Tables) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(4021, 2)")

        with pytest.raises(BusyError, match="Another snapshot is running"):
            take()
    finally:
        other.close()


def test_the_command_names_the_snapshot_by_the_time_and_says_its_counts(
    tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("snapshot_tables", "--held-out-share", "0")

    (folder,) = (path for path in settings.SNAPSHOTS_DIR.iterdir() if not path.is_symlink())
    said = capsys.readouterr().out
    assert f"Snapshot {folder.name}: " in said
    assert f"of {CLIENTS} applications" in said
