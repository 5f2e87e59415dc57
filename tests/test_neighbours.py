from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from modelling.columns import Columns, write_columns
from modelling.neighbours import CUTS, Likeness, lay_out

NUMBERS, WORDS = ("income", "amount", "rare"), ("contract",)


def columns_of(folder: Path, values: dict[str, list[object]]) -> Columns:
    count = len(next(iter(values.values())))
    frame = pl.DataFrame(values, strict=False).with_columns(
        sk_id_curr=pl.int_range(1, count + 1), client_id=pl.int_range(1, count + 1), target=pl.lit(0)
    )
    return write_columns(folder, [*values], [frame], most=count, about={})


def made_up(folder: Path, clients: int, seed: int) -> Columns:
    draw = np.random.default_rng(seed)
    income = draw.lognormal(10, 1, clients)
    rare = [
        None if missing else float(value)
        for missing, value in zip(draw.uniform(size=clients) < 0.8, income, strict=True)
    ]
    values: dict[str, list[object]] = {
        "income": [*income.tolist()],
        "amount": [*np.round(draw.normal(0, 5, clients)).tolist()],  # many are equal
        "rare": [*rare],
        "contract": [(None, "cash", "card")[code] for code in draw.integers(0, 3, clients)],
    }
    return columns_of(folder, values)


def brute_force(columns: Columns, own: int) -> NDArray[np.float64]:
    """Measure every distance from the definition, one feature after the other, in float64."""
    total = np.zeros(len(columns))
    for name in NUMBERS:
        values = columns.column(name).astype(np.float64)
        known = ~np.isnan(values)
        cut = np.clip(values, *np.quantile(values[known], CUTS))
        z = (cut - cut[known].mean()) / cut[known].std()
        gap = np.where(known & known[own], z - z[own], np.nan)
        one_missing = np.where(known, z, z[own]) ** 2 + 1
        total += np.where(known & known[own], gap**2, np.where(known == known[own], 0.0, one_missing))
    words = columns.column("contract")
    same = (words == words[own]) | (np.isnan(words) & np.isnan(words[own]))
    return np.sqrt(total + np.where(same, 0.0, 2.0))


def own_point(columns: Columns, likeness: Likeness, own: int) -> NDArray[np.float32]:
    return likeness.point({name: float(columns.column(name)[own]) for name in likeness.features})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), clients=st.integers(80, 400))
def test_the_search_finds_the_very_nearest(tmp_path_factory: pytest.TempPathFactory, seed: int, clients: int) -> None:
    columns = made_up(tmp_path_factory.mktemp("columns"), clients, seed)
    likeness = lay_out(columns, (*NUMBERS, *WORDS))
    own = seed % clients

    found = likeness.nearest(own_point(columns, likeness, own), 20, leave_out=np.arange(clients) == own)

    distances = brute_force(columns, own)
    expected = np.sort(np.delete(distances, own))[:20]
    np.testing.assert_allclose(found.distances, expected, atol=1e-4)
    assert own not in found.places
    assert len(set(found.places.tolist())) == min(20, clients - 1)


def test_recall_is_1_among_many(tmp_path: Path) -> None:
    columns = made_up(tmp_path, 30_000, seed=1)
    likeness = lay_out(columns, (*NUMBERS, *WORDS))

    for own in range(0, 30_000, 3_000):
        found = likeness.nearest(own_point(columns, likeness, own), 20, leave_out=np.arange(30_000) == own)
        squares = ((likeness.points.astype(np.float64) - own_point(columns, likeness, own)) ** 2).sum(axis=1)
        squares[own] = np.inf
        order = np.lexsort((np.arange(30_000), squares))[:20]
        assert found.places.tolist() == order.tolist()


def test_what_sets_two_clients_apart_sums_to_their_distance(tmp_path: Path) -> None:
    columns = made_up(tmp_path, 200, seed=3)
    likeness = lay_out(columns, (*NUMBERS, *WORDS))

    found = likeness.nearest(own_point(columns, likeness, 0), 10, leave_out=np.arange(200) == 0)

    np.testing.assert_allclose(found.apart.sum(axis=1), found.distances**2, rtol=1e-6)
    assert found.apart.shape == (10, 4)


def test_two_clients_without_a_value_are_alike_in_it_and_one_with_beside_one_without_are_not(tmp_path: Path) -> None:
    columns = columns_of(tmp_path, {"rare": [None, None, -1.0, 1.0]})
    likeness = lay_out(columns, ["rare"])

    found = likeness.nearest(likeness.point({}), 4, leave_out=np.zeros(4, dtype=bool))

    assert found.places[:2].tolist() == [0, 1]
    np.testing.assert_allclose(found.distances[:2], 0)
    assert (found.distances[2:] > 1.3).all()


def test_missing_and_known_differ_on_average_as_two_clients_drawn_at_random(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    values = draw.normal(50, 9, 4_000).tolist()
    columns = columns_of(tmp_path, {"rare": [*values, None]})
    likeness = lay_out(columns, ["rare"])

    points = likeness.points.astype(np.float64)
    with_missing = ((points[:-1] - points[-1]) ** 2).sum(axis=1).mean()
    at_random = ((points[:2_000] - points[2_000:4_000]) ** 2).sum(axis=1).mean()

    assert with_missing == pytest.approx(2, abs=0.01)
    assert at_random == pytest.approx(2, abs=0.1)


def test_an_enormous_income_does_not_make_all_others_alike(tmp_path: Path) -> None:
    columns = columns_of(tmp_path, {"income": [*np.linspace(1_000, 3_000, 999).tolist(), 1e9]})
    likeness = lay_out(columns, ["income"])

    points = likeness.points[:, 0]
    assert np.ptp(points[:999]) > 3


def test_a_feature_that_never_differs_does_not_count(tmp_path: Path) -> None:
    columns = columns_of(tmp_path, {"same": [3.0, 3.0], "none": [None, None], "income": [1.0, 2.0]})

    assert lay_out(columns, ["same", "none", "income"]).features == ("income",)


def test_alone_a_client_has_no_neighbour(tmp_path: Path) -> None:
    columns = columns_of(tmp_path, {"income": [1.0], "contract": ["cash"]})
    likeness = lay_out(columns, ["income", "contract"])

    found = likeness.nearest(own_point(columns, likeness, 0), 20, leave_out=np.array([True]))

    assert len(found.places) == 0
