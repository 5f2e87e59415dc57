"""Studies in PostgreSQL, beside Django's tables, and the command that fills them."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from modelling.management.commands.train_model import Command as TrainCommand
from modelling.management.commands.train_model import _plan
from modelling.studies import Found, best_settings, study
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path)
    write_snapshot(tmp_path / "small", made_up_tables(200))


@pytest.fixture(autouse=True)
def _no_studies() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS optuna CASCADE")


def tune(*options: str) -> str:
    out = StringIO()
    call_command("tune_model", "--study", "s", "--snapshot", "small", "--folds", "2", *options, stdout=out)
    return out.getvalue()


def tables_by_schema() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'optuna')")
        rows = cursor.fetchall()
    return {schema: {name for owner, name in rows if owner == schema} for schema in ("public", "optuna")}


def test_a_study_is_kept_in_its_own_schema_gone_on_with_and_trained_with() -> None:
    before = tables_by_schema()["public"]

    first = tune("--trials", "1")
    second = tune("--trials", "2")
    found = study("s")

    after = tables_by_schema()
    assert after["public"] == before
    assert {"studies", "trials", "alembic_version"} <= after["optuna"]
    assert "1 trials" in first
    assert "2 trials" in second
    assert isinstance(found, Found)
    assert found.best is not None
    assert [trial.number for trial in found.trials] == [0, 1]
    assert best_settings("s") == found.best.settings
    command = TrainCommand().create_parser("manage.py", "train_model")
    asked = vars(command.parse_args(["--study", "s", "--parameter", "max_depth=3"]))
    assert _plan(asked).overrides == {**found.best.settings, "max_depth": 3}


def test_a_search_that_cannot_be_is_told_in_a_sentence() -> None:
    tune("--trials", "1")

    for option, value, sentence in (
        ("--objective", "cost", "begun with objective 'auc', not 'cost'. Begin another under a new name"),
        ("--seed", "4", "seed 0, not 4"),
        ("--cost-ratio", "0", "how many refused good clients"),
        ("--trials", "0", "above 0"),
        ("--snapshot", "gone", "no snapshot 'gone'"),
    ):
        with pytest.raises(CommandError, match=sentence):
            tune("--trials", "1", option, value)


def test_a_study_another_process_is_at_is_left_alone() -> None:
    ours = connection.settings_dict
    address = {"user": ours["USER"], "password": ours["PASSWORD"], "host": ours["HOST"], "port": ours["PORT"]}
    other = psycopg2.connect(dbname=ours["NAME"], **address)
    other.cursor().execute("SELECT pg_advisory_lock(hashtext('study'), hashtext('s'))")

    with pytest.raises(CommandError, match="Another process is at study 's'"):
        tune("--trials", "1")

    other.close()


def test_training_with_a_study_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(CommandError, match="no study 'gone'; there are none"):
        call_command("train_model", "--study", "gone", "--snapshot", "small")
