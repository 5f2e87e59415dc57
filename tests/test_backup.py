from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pyrage
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from applications.errors import BackupError
from applications.models import Agency, Application, AuditEvent, Kind, Policy
from applications.services.assessment import answer_requests, request_assessments
from applications.services.backup import keys, make_backup
from modelling.models import ModelVersion
from scoring_site.environment import ROOT
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.slow
committed = pytest.mark.django_db(transaction=True)
CLIENTS = 120


@pytest.fixture
def book(agency: Agency, champion: ModelVersion, policy: Policy) -> list[Application]:
    applications = ApplicationFactory.create_batch(CLIENTS, agency=agency)
    numbers = [application.pk for application in applications]
    request_assessments(numbers)
    answer_requests(numbers)
    return applications


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give the environment of an empty installation: a database and a state folder of its own."""
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"drill_{os.getpid()}"
    with closing(psycopg2.connect(server.geturl())) as own:
        own.autocommit = True
        with own.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")
            (tmp_path / "state").mkdir()
            yield {
                **os.environ,
                "DATABASE_URL": server._replace(path=f"/{name}").geturl(),
                "STATE_DIR": str(tmp_path / "state"),
            }
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@committed
def test_the_drill_a_backup_restored_elsewhere_is_the_same_installation(
    book: list[Application], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    backup = make_backup(tmp_path / "today.age")

    done = manage(elsewhere, "restore", str(backup.path), "--key", str(keys.own_identity_file()))

    assert done.returncode == 0, done.stderr
    assert f"{backup.rows} rows, the audit log whole, 100 assessments computed again" in done.stdout
    assert AuditEvent.objects.filter(kind=Kind.BACKUP_MADE).count() == 1


@committed
def test_a_changed_probability_is_found_after_restoring(
    book: list[Application], elsewhere: dict[str, str], tmp_path: Path
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # past the trigger that forbids it
        cursor.execute("UPDATE assessment SET probability = 0.5")
        cursor.execute("SET session_replication_role = DEFAULT")
    make_backup(tmp_path / "changed.age")

    done = manage(elsewhere, "restore", str(tmp_path / "changed.age"), "--key", str(keys.own_identity_file()))

    assert done.returncode == 1
    assert re.search(r"assessment \d+ comes out otherwise when computed again", done.stderr)


@committed
def test_a_wrong_key_or_a_damaged_archive_is_refused_and_nothing_is_restored(
    agency: Agency, elsewhere: dict[str, str], tmp_path: Path
) -> None:
    path = make_backup(tmp_path / "damaged.age").path
    other = tmp_path / "other"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    assert "cannot be opened with this key" in manage(elsewhere, "restore", str(path), "--key", str(other)).stderr
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)

    done = manage(elsewhere, "restore", str(path), "--key", str(keys.own_identity_file()))

    assert done.returncode == 1
    assert "cannot be opened with this key, or is no backup, or is damaged" in done.stderr
    with closing(psycopg2.connect(elsewhere["DATABASE_URL"])) as there, there.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)


@committed
def test_a_backup_is_not_restored_over_an_installation(agency: Agency, tmp_path: Path) -> None:
    path = make_backup(tmp_path / "today.age").path

    with pytest.raises(CommandError, match=r"The database has \d+ tables already"):
        call_command("restore", str(path), key=keys.own_identity_file())


def test_a_backup_never_overwrites_a_file(tmp_path: Path) -> None:
    (tmp_path / "there.age").touch()

    with pytest.raises(BackupError, match="a new file in a folder that exists"):
        make_backup(tmp_path / "there.age")


@committed
def test_a_backup_may_be_for_somebody_who_keeps_the_key_elsewhere(
    agency: Agency, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = pyrage.x25519.Identity.generate()
    monkeypatch.setattr(settings, "BACKUP_RECIPIENT", str(theirs.to_public()))

    path = make_backup(tmp_path / "today.age").path

    assert path.stat().st_mode & 0o777 == 0o600
    pyrage.decrypt_file(str(path), str(tmp_path / "bare.tar"), [theirs])
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt_file(str(path), str(tmp_path / "no.tar"), [keys.identity(keys.own_identity_file())])


def test_a_recipient_that_is_no_key_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BACKUP_RECIPIENT", "somebody@example.org")

    with pytest.raises(BackupError, match="should be an age public key"):
        make_backup(tmp_path / "today.age")


@pytest.mark.parametrize(("text", "said"), [("", "holds 0"), ("AGE-SECRET-KEY-NONSENSE", "is not an age secret key")])
def test_a_key_file_without_a_key_is_a_sentence(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(text)

    with pytest.raises(BackupError, match=said):
        keys.identity(tmp_path / "key")
