from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import DEVNULL
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection, transaction

from applications.models import Application, AuditEvent, BureauCredit, BureauMonth, PosCashMonth
from tests.import_layout import import_folder, made_up_tables, write_layout

pytestmark = pytest.mark.django_db(transaction=True)
TIMEOUT_SECONDS = 60

Importer = Callable[[Path], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_import() -> Iterator[Importer]:
    """Give a function that imports a folder in a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start(folder: Path) -> subprocess.Popen[bytes]:
        database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        environment = {**os.environ, "STATE_DIR": str(settings.STATE_DIR), "DATABASE_URL": database}
        command = [sys.executable, "manage.py", "import_home_credit", str(folder)]
        started.append(subprocess.Popen(command, env=environment, stdout=DEVNULL, stderr=DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)


def importer_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE relation = 'bureau_balance'::regclass AND NOT granted")
        return bool(cursor.fetchone() == (1,))


def nobody_imports() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 4021 AND granted")
        return bool(cursor.fetchone() == (0,))


@pytest.mark.slow
def test_an_import_killed_in_the_middle_leaves_whole_tables_alone_and_can_be_run_again(
    tmp_path: Path, start_import: Importer
) -> None:
    folder = write_layout(tmp_path)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE bureau_balance IN SHARE MODE")
        process = start_import(folder)
        wait_until(importer_waits)

        process.kill()

        wait_until(nobody_imports)
    tables = made_up_tables()
    assert Application.objects.count() == tables.application.height
    assert BureauCredit.objects.count() == tables.bureau.height
    assert not BureauMonth.objects.exists()
    assert not PosCashMonth.objects.exists()
    assert list(AuditEvent.objects.values_list("subject_id", flat=True)) == ["application", "bureau"]

    report = import_folder(folder)

    assert [table.merged.inserted for table in report.tables[:3]] == [0, 0, tables.bureau_balance.height]
    assert PosCashMonth.objects.count() == tables.pos_cash_balance.height
