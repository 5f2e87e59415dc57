from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from modelling import bundle as bundles
from modelling.bundle import Bundle
from modelling.explanation import explain
from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE, LegalStatus
from modelling.influence import FeatureInfluence, Influence
from modelling.scoring import score_matrix
from modelling.training import influence
from modelling.training.dataset import open_snapshot
from modelling.training.run import Plan, train_bundle
from tests.small_bundle import CLIENTS, made_up_tables
from tests.snapshot_folder import write_snapshot


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Train without lessons: with them, training clients are told something else out of fold than they are later."""
    folder = tmp_path_factory.mktemp("untaught")
    write_snapshot(folder / "small", made_up_tables())
    plan = Plan(folds=2, most_features=1_000, lessons=())
    return bundles.load(train_bundle(open_snapshot(folder, "small"), plan, shelf=folder / "shelf"))


@pytest.fixture(scope="module")
def found(bundle: Bundle) -> Influence:
    assert bundle.influence is not None
    return bundle.influence


def test_the_influence_of_a_feature_is_the_mean_size_of_its_contributions(bundle: Bundle, found: Influence) -> None:
    values = bundle.encoding.encode(build_features(made_up_tables()))

    sizes = np.abs(explain(bundle, score_matrix(bundle, values)).contributions).mean(axis=0)

    assert found.clients == CLIENTS
    assert [each.mean_size for each in found.features.values()] == pytest.approx(
        [sizes[bundle.features.index(name)] for name in found.features], rel=1e-5
    )


def test_features_come_by_falling_influence_each_once_and_none_barred(bundle: Bundle, found: Influence) -> None:
    sizes = [each.mean_size for each in found.features.values()]

    assert sizes == sorted(sizes, reverse=True)
    assert sorted(found.features) == sorted(bundle.features)
    assert all(CATALOGUE[name].status is LegalStatus.ADMITTED for name in found.features)


def test_what_lowers_the_risk_as_it_rises_has_a_falling_direction(found: Influence) -> None:
    strongest = found.features["ext_source_mean"]

    assert strongest.direction is not None
    assert strongest.direction < -0.8
    assert found.features["name_contract_type"].direction is None


def test_points_are_few_have_few_digits_and_lie_with_the_strongest(found: Influence) -> None:
    ranked = list(found.features.values())

    assert all(len(each.values) == len(each.contributions) == influence.POINTS for each in ranked[:40])
    assert all(not each.values for each in ranked[influence.FEATURES_WITH_POINTS :])
    assert all(value is None or value == float(f"{value:.4g}") for each in ranked for value in each.values)


def test_a_clients_values_cannot_be_put_together_from_the_points(bundle: Bundle, found: Influence) -> None:
    rows = bundle.encoding.encode(build_features(made_up_tables()))
    pair = ("ext_source_2", "ext_source_3")
    columns = [rows[:, bundle.features.index(name)] for name in pair]
    people = {tuple(float(f"{value:.4g}") for value in row) for row in zip(*columns, strict=True)}

    points = zip(*(found.features[name].values for name in pair), strict=True)

    assert sum(point in people for point in points) <= 2


def test_an_influence_survives_its_own_json() -> None:
    each = FeatureInfluence(0.3, -0.5, {"nurse": 0.1}, None, (1.0, None), (0.2, -0.1))
    whole = Influence(clients=2, features={"job": each, "age": each})

    again = Influence.of_json(json.loads(json.dumps(whole.to_json(), sort_keys=True)))

    assert again == whole
    assert list(again.features) == ["job", "age"]


def test_a_level_and_a_missing_value_have_their_own_mean_unless_they_are_rare() -> None:
    values = np.array([0.0] * 100 + [1.0] * 95 + [np.nan] * 4 + [2.0], dtype=np.float32)
    column = influence._Column(values, np.where(values == 0, 0.5, -0.25), ("cook", "nurse", "pilot"))

    each = influence._influence(column, np.array([0, 198]))

    assert each.by_level == {"cook": 0.5, "nurse": -0.25}
    assert each.when_missing == -0.25
    assert (each.values, each.contributions) == ((0.0, None), (0.5, -0.25))


def test_a_bundle_sealed_before_it_was_measured_is_still_read(small_bundle: Path, tmp_path: Path) -> None:
    for path in small_bundle.iterdir():
        if path.name not in {bundles.INFLUENCE, bundles.MANIFEST}:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / bundles.MANIFEST).write_text(json.dumps(bundles._sums(tmp_path)))

    assert bundles.load(tmp_path).influence is None
