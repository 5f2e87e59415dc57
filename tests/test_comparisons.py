"""Comparing as an act on record, and the two commands."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from modelling.comparisons import Order, run_comparison
from modelling.errors import LeakError, TrainingDataError
from modelling.features.tables import Tables
from modelling.models import ComparisonRun, State
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Subject = ComparisonRun.Subject
ORDER = Order(Subject.MODELS, snapshot="small", names=("dummy", "lightgbm"), folds=2)


@pytest.fixture
def tables() -> Tables:
    return made_up_tables(300)


@pytest.fixture(autouse=True)
def _snapshot(tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path)
    write_snapshot(tmp_path / "small", tables)


def stop_at(name: str, fold: int) -> None:
    if (name, fold) == ("lightgbm", 1):
        raise KeyboardInterrupt


def test_a_comparison_that_was_stopped_is_kept_and_goes_on_where_it_was_on_the_same_terms_alone() -> None:
    steps: list[tuple[str, int]] = []
    with pytest.raises(KeyboardInterrupt):
        run_comparison(ORDER, watch=stop_at)
    stopped = ComparisonRun.objects.get()
    for other in (replace(ORDER, seed=1), replace(ORDER, folds=3), replace(ORDER, subject=Subject.SAMPLING, names=())):
        with pytest.raises(TrainingDataError, match="No comparison was broken off"):
            run_comparison(replace(other, is_resumed=True))

    done = run_comparison(replace(ORDER, is_resumed=True), watch=lambda name, fold: steps.append((name, fold)))

    kept = ComparisonRun.objects.get()
    assert (stopped.state, stopped.error, list(stopped.results)) == (State.FAILED, "KeyboardInterrupt", ["dummy"])
    assert kept == done == stopped
    assert (kept.state, kept.error, kept.folds_done, kept.folds_in_all) == (State.DONE, "", 4, 4)
    assert steps == [("lightgbm", 1), ("lightgbm", 2)]
    assert kept.names == sorted(kept.results) == ["dummy", "lightgbm"]
    assert kept.results["dummy"] == stopped.results["dummy"]
    assert kept.results["lightgbm"]["calibrated"]["auc"]["value"] > 0.6
    assert kept.conditions["terms"]["cost_ratio"] == 10


def test_a_leak_stops_a_comparison_too(tables: Tables, tmp_path: Path) -> None:
    planted = tables.application.with_columns(ext_source_1=pl.col("target").cast(pl.Float64))
    write_snapshot(tmp_path / "leaking", replace(tables, application=planted))

    with pytest.raises(LeakError, match="ext_source_1"):
        run_comparison(replace(ORDER, snapshot="leaking"))

    assert "ext_source_1" in ComparisonRun.objects.get().error


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["lightgmb"], "no candidate lightgmb; there are dummy, logistic_regression"),
        (["smote"], "no candidate smote"),
        (["--snapshot", "gone"], "no snapshot 'gone'; known are"),
        (["--choices", "nowhere.toml"], "cannot be read as a TOML file"),
        (["--folds", "301"], "do not fill|fewer labelled"),
        (["--clients", "0"], "At least one client"),
        (["--cost-ratio", "0"], "how many refused good clients"),
        (["--controlled", "code_gender"], "code_gender"),
        (["--resume"], "No comparison was broken off"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("compare_models", "--snapshot", "small", *options)


def test_the_models_command_shows_a_table_and_writes_every_figure(tmp_path: Path) -> None:
    out, path = StringIO(), tmp_path / "figures.json"

    call_command("compare_models", "dummy", "--snapshot", "small", "--folds", "2", "--json", path, stdout=out)

    told = out.getvalue()
    assert "Refused from 0.0909 up (cost ratio 10); beta 3.16" in told
    for heading in ("AUC", "PR AUC", "KS", "Brier", "log loss", "F1", "F-beta", "Matthews", "cost", "fit s", "peak MB"):
        assert heading in told
    assert json.loads(path.read_text())["results"][0]["confusion"]["refused_repaid"] >= 0


def test_the_sampling_command_says_in_words_what_a_treatment_does_in_the_language_asked_for() -> None:
    out = StringIO()

    options = ["--snapshot", "small", "--folds", "2", "--language", "fr"]
    call_command("compare_sampling", "none", *options, stdout=out)

    told = out.getvalue()
    assert "aucun: La probabilité" in told
    assert "mean predicted" in told
