from __future__ import annotations

import json

import numpy as np
import pytest

from modelling.encoding import Encoding
from modelling.population import CategoryFacts, NumberFacts, Population, observe, probability_histogram, risk_bins

ENCODING = Encoding(features=("income", "job", "never"), levels={"job": ("nurse", "cook", "pilot")})


@pytest.fixture
def population() -> Population:
    draw = np.random.default_rng(0)
    income = np.where(np.arange(1_000) % 4 == 0, np.nan, draw.uniform(0, 100, 1_000))
    job = np.where(np.arange(1_000) % 10 == 0, np.nan, np.arange(1_000) % 2)
    values = np.column_stack((income, job, np.full(1_000, np.nan))).astype(np.float32)
    probability = draw.beta(1, 11, 1_000)
    return observe(values, ENCODING, probability, (draw.uniform(size=1_000) < probability).astype(np.int8))


def test_a_number_is_known_by_its_quantiles_and_its_missing_share(population: Population) -> None:
    income = population.features["income"]

    assert isinstance(income, NumberFacts)
    assert income.missing_share == 0.25
    assert income.quantiles == tuple(sorted(income.quantiles))
    assert income.quantiles[3] == pytest.approx(50, abs=5)
    assert population.features["never"] == NumberFacts(quantiles=(), missing_share=1.0)


def test_the_shares_of_a_category_and_what_is_missing_sum_to_one(population: Population) -> None:
    job = population.features["job"]

    assert isinstance(job, CategoryFacts)
    assert job.shares == {"nurse": 0.4, "cook": 0.5, "pilot": 0.0}
    assert job.missing_share == pytest.approx(0.1)


def test_every_client_stands_in_one_bar_of_the_histogram_and_in_one_band(population: Population) -> None:
    assert population.clients == sum(population.histogram) == sum(band.clients for band in population.bins) == 1_000
    assert len(population.histogram) == 81
    assert len(population.bins) == 20
    highs = [band.high for band in population.bins[:-1]]
    assert all(high <= band.low for high, band in zip(highs, population.bins[1:], strict=True))


def test_a_probability_above_the_scale_falls_in_the_last_bar() -> None:
    bars = probability_histogram(np.array([0.0, 0.3999, 0.4, 1.0]))

    assert (bars[0], bars[79], bars[80]) == (1, 1, 2)


def test_fewer_clients_than_bands_give_a_band_each() -> None:
    bands = risk_bins(np.array([0.3, 0.1]), np.array([1, 0], dtype=np.int8))

    assert [(band.low, band.clients, band.defaults) for band in bands] == [(0.1, 1, 0), (0.3, 1, 1)]


def test_a_population_survives_its_own_json(population: Population) -> None:
    assert Population.of_json(json.loads(json.dumps(population.to_json()))) == population
