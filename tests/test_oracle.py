"""The product's features against the oracle's: the same numbers, missing for missing, on demo rows and on real ones."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import pytest

from modelling.demo_data import write_demo_data
from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE
from modelling.reading import read_folder
from tests.oracle import FEATURES_OF_TABLE
from tests.oracle.names import Twin, follows, twins_of
from tests.oracle.reading import read_tables, rows_of

# The product keeps Float32, good to 6e-8 of a value, and ratios as billionths; sums may cancel to nearly nothing.
RELATIVE, ABSOLUTE = 1e-6, 1e-8
DEMO_CLIENTS, REAL_CLIENTS_OF_A_KIND = 600, 2000

DESCRIBED = {feature.source for feature in CATALOGUE.values()}
# A table the product does not describe yet has no test; it gets one with its first feature.
each_table = pytest.mark.parametrize("table", [table for table in FEATURES_OF_TABLE if table in DESCRIBED])


@dataclass(frozen=True)
class Sample:
    """The same clients as both sides see them: published tables for the oracle, features from the product."""

    tables: Mapping[str, pd.DataFrame]
    features: pl.DataFrame

    def oracle(self, table: str, tables: Mapping[str, pd.DataFrame] | None = None) -> pd.DataFrame:
        """Return the oracle's features of a table, one row a client in the product's order."""
        return FEATURES_OF_TABLE[table](tables or self.tables).reindex(self.features["sk_id_curr"].to_numpy())


def sample_of(folder: Path, tables: Mapping[str, pd.DataFrame], clients: pd.Series) -> Sample:
    """Take the rows of some clients from the oracle's tables, and from the product's reading of the same folder."""
    as_the_product_reads = read_folder(folder).tables.of_clients(pl.Series(clients.to_numpy()))
    return Sample(rows_of(tables, clients), build_features(as_the_product_reads))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("oracle") / "demo"
    write_demo_data(folder, clients=DEMO_CLIENTS, seed=11)
    tables = read_tables(folder)
    return sample_of(folder, tables, tables["application"]["SK_ID_CURR"])


@pytest.fixture(scope="module")
def real() -> Sample:
    """Take clients whose histories are whole, and as many others."""
    if "HOME_CREDIT_DIR" not in os.environ:
        pytest.skip("HOME_CREDIT_DIR names no folder of real tables")
    folder = Path(os.environ["HOME_CREDIT_DIR"])
    tables = read_tables(folder)
    everyone = tables["application"]["SK_ID_CURR"]
    is_whole = everyone.isin(pd.read_csv(folder / "linked_clients.csv.gz")["SK_ID_CURR"])
    halves = [kind.sample(REAL_CLIENTS_OF_A_KIND, random_state=1) for kind in (everyone[is_whole], everyone[~is_whole])]
    return sample_of(folder, tables, pd.concat(halves))


@pytest.fixture(params=["demo", pytest.param("real", marks=[pytest.mark.real_rows, pytest.mark.slow])])
def sample(request: pytest.FixtureRequest) -> Sample:
    found: Sample = request.getfixturevalue(request.param)
    return found


def last_of_each_contract(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Leave out the earlier applications for one and the same contract, which the public kernel counts."""
    previous = tables["previous_application"]
    return {**tables, "previous_application": previous[previous["FLAG_LAST_APPL_PER_CONTRACT"] != "N"]}


def lacking(table: str, columns: pd.Index) -> list[str]:
    twins = twins_of(table, columns)
    return [column for column in columns if column not in twins or twins[column].name not in CATALOGUE]


def disagreements(table: str, oracle: pd.DataFrame, features: pl.DataFrame) -> dict[str, str]:
    """Return what differs, by the product's name: how many clients, and the first of them with both values."""
    twins = twins_of(table, oracle.columns.difference(lacking(table, oracle.columns)))
    found = {twin.name: _disagreement(twin, oracle[column], features[twin.name]) for column, twin in twins.items()}
    return {name: sentence for name, sentence in found.items() if sentence}


def _disagreement(twin: Twin, oracle: pd.Series, feature: pl.Series) -> str:
    expected = twin.told(oracle)
    differs = _words_differ(expected, feature) if CATALOGUE[twin.name].is_category else _differ(expected, feature)
    if not differs.any():
        return ""
    first = int(differs.argmax())
    return f"{differs.sum()} clients, such as {oracle.index[first]}: {expected.iloc[first]}, product {feature[first]}"


def _words_differ(expected: pd.Series, feature: pl.Series) -> npt.NDArray[np.bool_]:
    words = expected.astype(object).where(expected.notna(), None)
    return np.array([one != other for one, other in zip(words, feature, strict=True)])


def _differ(expected: pd.Series, feature: pl.Series) -> npt.NDArray[np.bool_]:
    numbers = feature.cast(pl.Float64).fill_null(np.nan).to_numpy()
    oracle = expected.to_numpy(dtype="float64")
    agree: npt.NDArray[np.bool_] = np.isclose(numbers, oracle, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    return ~agree


@each_table
def test_the_product_gives_the_oracles_values(table: str, sample: Sample) -> None:
    oracle = sample.oracle(table, last_of_each_contract(sample.tables))

    assert disagreements(table, oracle, sample.features) == {}


@each_table
def test_the_product_has_every_feature_of_the_oracle(table: str, sample: Sample) -> None:
    found = [column for column in lacking(table, sample.oracle(table).columns) if not follows(column)]

    assert found == [], "not in the catalogue, or without a twin in tests/oracle/names.py"


def test_the_product_counts_a_contract_once_where_the_kernel_counts_each_attempt(sample: Sample) -> None:
    """An application repeated for one contract tells nothing new: the product is right to keep the last alone."""
    previous = sample.tables["previous_application"]
    attempts = previous.loc[previous["FLAG_LAST_APPL_PER_CONTRACT"] == "N", "SK_ID_CURR"]
    with_attempts = sample.features["sk_id_curr"].is_in(attempts.to_list()).to_numpy()

    as_the_kernel = sample.oracle("previous_application")

    assert with_attempts.any()
    with_them, without = as_the_kernel[with_attempts], as_the_kernel[~with_attempts]
    assert disagreements("previous_application", with_them, sample.features.filter(with_attempts))
    assert disagreements("previous_application", without, sample.features.filter(~with_attempts)) == {}
