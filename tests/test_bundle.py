from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from modelling import bundle as bundles
from modelling.errors import BundleError
from modelling.learnt import trees
from modelling.learnt.arrays import packed
from modelling.training.dataset import open_snapshot
from modelling.training.run import Plan, train_bundle
from tests.small_bundle import train_small_bundle


@pytest.fixture
def copied(small_bundle: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_bundle, tmp_path / "copied"))


def test_a_sealed_bundle_is_read_back(small_bundle: Path) -> None:
    bundle = bundles.load(small_bundle)

    assert bundle.digest.startswith(small_bundle.name)
    assert bundle.features == bundle.encoding.features
    assert bundle.booster.num_feature() == len(bundle.features)
    assert bundle.is_demo
    assert set(bundle.population.features) == set(bundle.features)


def test_the_report_says_which_calibration_was_kept_and_how_each_risk_grade_turned_out(small_bundle: Path) -> None:
    bundle = bundles.load(small_bundle)

    found = bundle.report["calibration"]

    losses = {kind: figures["log_loss"]["value"] for kind, figures in found["compared"].items()}
    assert found["kept"] == min(losses, key=lambda kind: losses[kind]) == bundle.calibration.to_json()["kind"]
    assert sum(grade["clients"] for grade in found["grades"]) == bundle.report["clients"]
    assert all(grade["observed_low"] <= grade["observed"] <= grade["observed_high"] for grade in found["grades"])


@pytest.mark.parametrize("name", [*bundles.FILES, bundles.INFLUENCE, bundles.LESSONS])
def test_one_changed_byte_is_refused_by_name(copied: Path, name: str) -> None:
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)

    with pytest.raises(BundleError, match=f"{name} was changed since it was sealed"):
        bundles.load(copied)


@pytest.mark.parametrize("name", bundles.FILES)
def test_a_missing_file_is_named(copied: Path, name: str) -> None:
    (copied / name).unlink()

    with pytest.raises(BundleError, match=f"lacks {name}"):
        bundles.load(copied)


def test_a_file_the_manifest_does_not_name_is_refused(copied: Path) -> None:
    (copied / "surprise.pkl").write_bytes(b"\x80\x04.")

    with pytest.raises(BundleError, match=r"holds surprise\.pkl, which its manifest does not name"):
        bundles.load(copied)


def test_a_manifest_rewritten_to_fit_changed_files_betrays_itself_by_its_digest(copied: Path) -> None:
    registered = bundles.load(copied).digest
    (copied / "calibration.json").write_text('{"kind": "platt", "slope": 9.0, "intercept": 0.0}')
    (copied / bundles.MANIFEST).write_text(json.dumps(bundles._sums(copied)))

    with pytest.raises(BundleError, match=r"MANIFEST\.json was changed"):
        bundles.load(copied, digest=registered)


def staircase(cuts: list[float], means: list[float]) -> dict[str, str]:
    return {"cuts": packed(np.array(cuts), "<f4"), "means": packed(np.array(means), "<f4")}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        (bundles.LESSONS, {"loans": None}),
        (bundles.LESSONS, {"loans": ["defaults"]}),
        (bundles.LESSONS, {"loans": {"defaults": 3}}),
        (bundles.LESSONS, {"loans": {"defaults": {"cuts": "AAAA", "means": 7}}}),
        (bundles.LESSONS, {"loans": {"defaults": {"cuts": "AAAA", "means": "AAA"}}}),
        (bundles.LESSONS, {"loans": {"defaults": staircase([1, 2], [0.1])}}),
        (bundles.LESSONS, {"loans": {"defaults": staircase([2, 1], [0.1, 0.2, 0.3])}}),
        (bundles.LESSONS, {"term": []}),
        (bundles.LESSONS, ["loans"]),
        (bundles.LESSONS, 7),
        ("encoding.json", []),
        ("calibration.json", {"kind": "platt"}),
        ("population.json", {"features": 3}),
        (bundles.INFLUENCE, []),
        (bundles.TABLES, {"tables": []}),
        ("report.json", 7),
        ("bundle.json", {"format": 1, "surprise": 2, "controlled": []}),
    ],
)
def test_a_sealed_file_of_another_kind_is_refused_by_name(copied: Path, name: str, facts: object) -> None:
    (copied / name).write_text(json.dumps(facts))
    (copied / bundles.MANIFEST).write_text(json.dumps(bundles._sums(copied)))

    with pytest.raises(BundleError, match=f"{name} is not what this version reads|carries lessons"):
        bundles.load(copied)


def test_a_folder_without_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"MANIFEST\.json is missing"):
        bundles.load(tmp_path)


@pytest.mark.slow
def test_the_same_snapshot_and_seed_give_the_same_bytes_whatever_the_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "SMALL_CELLS", 0)
    monkeypatch.setenv("LIGHTGBM_THREADS", "1")
    first = train_small_bundle(tmp_path / "snapshots", tmp_path / "one")
    monkeypatch.setenv("LIGHTGBM_THREADS", "2")
    again = train_bundle(
        open_snapshot(tmp_path / "snapshots", "small"), Plan(folds=3, most_features=1_000), shelf=tmp_path / "two"
    )

    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }


@pytest.mark.slow
def test_sealing_the_same_bytes_twice_keeps_one_folder_and_no_draft(tmp_path: Path) -> None:
    first = train_small_bundle(tmp_path / "snapshots", tmp_path / "shelf")
    again = train_bundle(
        open_snapshot(tmp_path / "snapshots", "small"), Plan(folds=3, most_features=1_000), shelf=tmp_path / "shelf"
    )

    assert again == first
    assert [path for path in (tmp_path / "shelf").iterdir() if path.is_dir()] == [first]
