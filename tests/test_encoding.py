from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelling.encoding import Encoding, learn_encoding
from modelling.errors import BundleError


@pytest.fixture
def frame() -> pl.DataFrame:
    return pl.DataFrame(
        {"income": [1.0, None, 3.0, 4.0], "job": ["cook", "nurse", "nurse", None], "ignored": [1, 2, 3, 4]},
        schema={"income": pl.Float32, "job": pl.String, "ignored": pl.Float32},
    )


def test_the_most_frequent_level_comes_first(frame: pl.DataFrame) -> None:
    assert learn_encoding(frame, ["income", "job"]) == Encoding(("income", "job"), {"job": ("nurse", "cook")})


def test_missing_values_become_nan_and_words_their_codes(frame: pl.DataFrame) -> None:
    matrix = learn_encoding(frame, ["job", "income"]).encode(frame)

    assert matrix.dtype == np.float32
    np.testing.assert_array_equal(matrix, [[1, 1], [0, np.nan], [0, 3], [np.nan, 4]])


def test_a_level_unseen_in_training_is_missing(frame: pl.DataFrame) -> None:
    encoding = learn_encoding(frame, ["job"])

    matrix = encoding.encode(pl.DataFrame({"job": ["astronaut"]}))

    assert np.isnan(matrix[0, 0])


def test_a_category_that_was_always_missing_in_training_encodes_as_missing() -> None:
    encoding = learn_encoding(pl.DataFrame({"job": [None]}, schema={"job": pl.String}), ["job"])

    assert np.isnan(encoding.encode(pl.DataFrame({"job": ["cook"]}))[0, 0])


def test_infinite_numbers_are_missing() -> None:
    encoding = Encoding(("ratio",), {})

    assert np.isnan(encoding.encode(pl.DataFrame({"ratio": [float("inf"), float("-inf")]}))).all()


def test_a_feature_this_code_does_not_compute_is_named(frame: pl.DataFrame) -> None:
    with pytest.raises(BundleError, match="1 of its 2 features that are not computed here: pension"):
        Encoding(("income", "pension"), {}).encode(frame)


def test_an_encoding_survives_its_own_json(frame: pl.DataFrame) -> None:
    encoding = learn_encoding(frame, ["income", "job"])

    assert Encoding.of_json(encoding.to_json()) == encoding


def test_an_encoded_value_is_read_back_as_a_person_says_it() -> None:
    encoding = Encoding(("income", "job"), {"job": ("nurse", "cook")})

    assert encoding.meaning("job", 1.0) == "cook"
    assert encoding.meaning("income", 2.5) == 2.5
    assert encoding.meaning("job", np.nan) is None
