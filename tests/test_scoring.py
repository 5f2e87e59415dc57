from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelling import bundle as bundles
from modelling.bundle import Bundle
from modelling.features.tables import Tables
from modelling.scoring import score, score_matrix
from tests.small_bundle import made_up_tables


@pytest.fixture
def bundle(small_bundle: Path) -> Bundle:
    return bundles.load(small_bundle)


def test_scores_come_by_rising_client_with_values_in_the_bundles_order(bundle: Bundle) -> None:
    tables = made_up_tables(50)

    scored = score(bundle, tables)

    assert scored.client_ids.tolist() == list(range(1, 51))
    assert scored.values.shape == (50, len(bundle.features))
    place = bundle.features.index("ext_source_2")
    np.testing.assert_array_equal(scored.values[:, place], tables.application["ext_source_2"].cast(pl.Float32))


def test_the_probability_is_the_logistic_of_the_calibrated_log_odds(bundle: Bundle) -> None:
    scored = score(bundle, made_up_tables(50))

    raw = np.asarray(bundle.booster.predict(scored.values, raw_score=True))
    np.testing.assert_allclose(scored.log_odds, bundle.calibration.log_odds(raw))
    np.testing.assert_allclose(scored.probability, 1 / (1 + np.exp(-scored.log_odds)))


def test_one_client_alone_has_the_probability_of_the_batch(bundle: Bundle) -> None:
    tables = made_up_tables(50)

    alone = score(bundle, tables.of_clients(pl.Series([17])))

    assert alone.probability[0] == score(bundle, tables).probability[16]


def test_an_unseen_category_and_a_client_without_any_value_are_scored(bundle: Bundle) -> None:
    application = made_up_tables(2).application
    strange = application.with_columns(name_education_type=pl.lit("Astronaut school"))
    empty = application.with_columns(
        pl.lit(None, dtype=kind).alias(name) for name, kind in list(application.schema.items())[2:]
    )

    for rows in (strange, empty):
        probability = score(bundle, Tables.of({"application": rows})).probability
        assert ((probability > 0) & (probability < 1)).all()


def test_no_client_gives_no_score(bundle: Bundle) -> None:
    scored = score(bundle, Tables.of({"application": made_up_tables(1).application.clear()}))

    assert len(scored) == 0
    assert scored.values.shape == (0, len(bundle.features))


def test_a_what_if_really_rescores(bundle: Bundle) -> None:
    values = score(bundle, made_up_tables(1)).values
    better, worse = values.copy(), values.copy()
    place = bundle.features.index("ext_source_3")
    better[0, place], worse[0, place] = 0.95, 0.05

    scored = score_matrix(bundle, np.vstack((better, worse)))

    assert scored.client_ids.tolist() == [0, 1]
    assert scored.probability[0] < scored.probability[1]
