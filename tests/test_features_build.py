"""Building some of the features, or all of them."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from modelling.features.build import build_features
from modelling.features.catalogue import CATALOGUE
from modelling.features.tables import Tables
from tests.lab_tables import Shape, by_name, random_tables

OWN = [name for name, feature in CATALOGUE.items() if feature.lesson is None]


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(names=st.lists(st.sampled_from(OWN), max_size=12, unique=True))
def test_some_features_have_the_values_they_have_among_all(names: list[str]) -> None:
    tables = random_tables(8)

    some = build_features(tables, names)

    assert_frame_equal(some, build_features(tables).select("sk_id_curr", *names), check_exact=True)


def test_a_feature_that_the_catalogue_lacks_is_named() -> None:
    with pytest.raises(KeyError, match="shoe_size"):
        build_features(random_tables(8), ["age_years", "shoe_size"])


@pytest.mark.slow
def test_the_compiler_is_loaded_by_the_first_build_alone() -> None:
    """It takes a second to import: a process that only tells of features does not wait for it."""
    program = "import sys; from modelling.features import build, catalogue; catalogue.catalogue_version(); "

    subprocess.run([sys.executable, "-c", program + "sys.exit('numba' in sys.modules)"], check=True)


def test_words_that_come_as_codes_give_the_same_bits() -> None:
    tables = random_tables(2, Shape(clients=30, unseen=True))
    coded = {name: rows.with_columns(pl.col(pl.String).cast(pl.Categorical)) for name, rows in by_name(tables).items()}

    features = build_features(Tables.of({**coded, "application": tables.application}))

    assert_frame_equal(features, build_features(tables), check_exact=True)
