"""Runs of rows, and the order rows are put in."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelling.features.ordering import are_distinct, is_first_of, is_last_of, ordered, rank, rises, together
from modelling.features.runs import Runs, codes_of

KEYS = st.lists(st.tuples(st.none() | st.integers(0, 2), st.none() | st.integers(-1, 1)), max_size=12)
laws = settings(max_examples=60, deadline=None)


def rows_of(keys: list[tuple[int | None, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(keys, schema={"a": pl.Int64, "b": pl.Int32}, orient="row")


def missing_first(key: tuple[int | None, ...]) -> tuple[float, ...]:
    return tuple(float("-inf") if part is None else part for part in key)


@laws
@given(owners=st.lists(st.integers(0, 5), max_size=30).map(sorted))
def test_each_owner_has_one_run(owners: list[int]) -> None:
    runs = Runs.of(pl.Series(owners, dtype=pl.Int64))

    assert np.diff(runs.starts).tolist() == [len([*rows]) for _, rows in groupby(owners)]
    assert [owners[first] for first in runs.firsts] == sorted(set(owners))


@laws
@given(keys=KEYS)
def test_rows_are_put_in_order_the_missing_first(keys: list[tuple[int | None, int | None]]) -> None:
    assert ordered(rows_of(keys), "a", "b").rows() == sorted(keys, key=missing_first)


@laws
@given(keys=KEYS)
def test_rows_rise_when_sorting_would_not_move_them(keys: list[tuple[int | None, int | None]]) -> None:
    in_order = sorted(keys, key=missing_first)

    assert rises(rows_of(keys), "a", "b") == (keys == in_order)
    assert rises(rows_of(keys), "a", "b", strictly=True) == (keys == in_order and len(set(keys)) == len(keys))


@laws
@given(keys=KEYS)
def test_the_first_and_the_last_of_equal_neighbours_are_flagged(keys: list[tuple[int | None, int | None]]) -> None:
    groups = [len([*same]) for _, same in groupby(keys)]

    assert is_first_of(rows_of(keys), "a", "b").tolist() == [n == 0 for size in groups for n in range(size)]
    assert is_last_of(rows_of(keys), "a", "b").tolist() == [n == size - 1 for size in groups for n in range(size)]


@laws
@given(values=st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 5)), max_size=12, unique=True))
def test_a_rank_counts_the_owners_rows_that_come_before(values: list[tuple[int, int]]) -> None:
    rows = sorted(values, key=lambda row: row[0])
    frame = pl.DataFrame(rows, schema={"owner": pl.Int64, "key": pl.Int64}, orient="row")

    ranks = rank(frame, pl.col("owner"), pl.col("key")).to_list()

    assert ranks == [sum(owner == other and before < key for other, before in rows) for owner, key in rows]


@pytest.mark.parametrize("far", [0, 2**40])
def test_rows_are_put_in_one_order_whether_or_not_their_keys_fit_into_one_number(far: int) -> None:
    rows = pl.DataFrame({"a": [2, 1, 1, None], "b": [0, far, None, far]}, schema={"a": pl.Int64, "b": pl.Int64})
    wide = rows.with_columns(c=pl.Series([-far, far, 0, 0], dtype=pl.Int64))

    assert ordered(wide, "a", "b", "c").select("a", "b").rows() == [(None, far), (1, None), (1, far), (2, 0)]


@laws
@given(keys=st.lists(st.integers(0, 3)))
def test_rows_of_one_key_are_put_together_and_stay_where_they_stand_so(keys: list[int]) -> None:
    rows = pl.DataFrame({"key": keys, "place": range(len(keys))}, schema={"key": pl.Int64, "place": pl.Int64})

    found = together(rows, "key")

    groups = [key for key, _ in groupby(found["key"])]
    assert len(groups) == len(set(keys))
    assert sorted(found.iter_rows()) == sorted(rows.iter_rows())
    if [key for key, _ in groupby(keys)] == list(dict.fromkeys(keys)):
        assert found["place"].to_list() == list(range(len(keys)))


@laws
@given(pairs=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2))), in_order=st.booleans())
def test_rows_are_distinct_when_none_repeats_whatever_their_order(
    pairs: list[tuple[int, int]], *, in_order: bool
) -> None:
    pairs = sorted(pairs, key=lambda pair: (-pair[0], pair[1])) if in_order else pairs
    rows = pl.DataFrame(pairs, schema={"key": pl.Int64, "month": pl.Int64}, orient="row")

    assert are_distinct(rows) == (len(set(pairs)) == len(pairs))


@laws
@given(
    words=st.lists(st.none() | st.sampled_from("abcé")), known=st.lists(st.none() | st.sampled_from("abz"), unique=True)
)
@pytest.mark.parametrize("kind", [pl.String, pl.Categorical])
def test_a_words_code_is_its_place_among_the_known_ones(
    kind: type[pl.DataType], words: list[str | None], known: list[str | None]
) -> None:
    rows = pl.DataFrame({"word": pl.Series(words, dtype=kind)})

    ((name, codes),) = codes_of(rows, {"word": tuple(known)})

    assert name == "word"
    assert codes.tolist() == [known.index(word) if word in known else len(known) for word in words]
