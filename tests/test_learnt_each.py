"""What each lesson says, against its plain definition."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelling.features.feature import Lesson
from modelling.features.legal import BARRED_COLUMNS, CONTROLLED_COLUMNS
from modelling.features.tables import Tables
from modelling.learnt.groups import LEAST_CLIENTS, GroupMedians
from modelling.learnt.likeness import Likeness
from modelling.learnt.loans import Staircase
from modelling.learnt.neighbours import COORDINATES, Neighbours
from modelling.learnt.term import ExpectedTerm
from tests.learnt_tables import cases_of, known_of, one_lesson, tables_with_histories


def with_occupations(words: list[str | None], incomes: list[float]) -> Tables:
    tables = tables_with_histories(len(words))
    changed = tables.application.with_columns(
        occupation_type=pl.Series(words), amt_income_total=pl.Series(incomes, dtype=pl.Float64)
    )
    return Tables.of({"application": changed})


def test_an_amount_is_set_against_the_median_of_the_group_or_of_all_where_the_group_is_small_or_unknown() -> None:
    large, small = ["Cooks"] * LEAST_CLIENTS, ["Pilots"] * (LEAST_CLIENTS - 1)
    medians = GroupMedians.learn(
        known_of(with_occupations([*large, *small], [100.0] * len(large) + [300.0] * len(small)))
    )

    told = medians.tell(cases_of(with_occupations(["Cooks", "Pilots", "Dancers", None], [1.0] * 4)))[
        "median amt_income_total by occupation_type"
    ]

    assert told.tolist() == [100.0, 100.0, 100.0, 100.0]
    assert medians.overall["amt_income_total"] == 100.0
    assert medians.by_word["occupation_type"]["Cooks"]["amt_income_total"] == 100.0
    assert medians.by_word["occupation_type"]["Pilots"] == {}


def test_a_group_large_enough_has_its_own_median() -> None:
    words = ["Cooks"] * LEAST_CLIENTS + ["Pilots"] * LEAST_CLIENTS
    tables = with_occupations([*words], [100.0] * LEAST_CLIENTS + [300.0] * LEAST_CLIENTS)

    features = one_lesson(Lesson.GROUPS, tables).add(tables, cases_of(tables).features)

    assert features["amt_income_total_against_occupation"].to_list() == [1.0] * len(words)


def test_only_clients_that_are_seen_teach() -> None:
    tables = with_occupations(["Cooks"] * 80, [100.0] * 40 + [900.0] * 40)
    seen = np.arange(80) < 40

    assert GroupMedians.learn(known_of(tables, seen=seen)).overall["amt_income_total"] == 100.0


def test_the_term_of_past_loans_is_found_again_and_the_interest_follows_from_it() -> None:
    tables = tables_with_histories(900)
    asked = tables.application.with_columns(amt_credit=pl.lit(120_000.0), amt_annuity=pl.lit(120_000.0 / 24 * 1.1))
    new = Tables.of({"application": asked})

    features = one_lesson(Lesson.TERM, tables).add(new, cases_of(new).features)

    assert features["expected_term_months"][0] == pytest.approx(24, abs=1)
    assert features["implied_interest"][0] == pytest.approx(24 * 0.1 / 25, abs=0.06)


def test_without_past_loans_no_term_is_expected() -> None:
    tables = Tables.of({"application": tables_with_histories(50).application})

    assert ExpectedTerm.learn(known_of(tables)).trees is None


def plain_mean(length: float, lengths: np.ndarray, values: np.ndarray, count: int) -> float:
    """Give the mean over the nearest; those of one length share their values."""
    shared = {one: values[lengths == one].mean() for one in np.unique(lengths)}
    rising = np.sort(lengths)
    return float(np.mean([shared[one] for one in rising[np.argsort(np.abs(rising - length), kind="stable")[:count]]]))


def test_similar_loans_are_those_nearest_in_length() -> None:
    draw = np.random.default_rng(1)
    lengths = np.concatenate([draw.uniform(5, 40, 300), np.repeat([12.0, 20.0], 60)])
    values = draw.uniform(size=len(lengths))
    asked = np.array([4.0, 12.0, 19.99, 25.4, 50.0])
    unknown = [np.append(lengths, (np.nan, 12.0)), np.append(values, (0.5, np.nan))]

    means = Staircase.of(*unknown).at(np.append(asked, np.nan))

    assert means[:-1] == pytest.approx([plain_mean(one, lengths, values, 21) for one in asked], abs=1e-6)
    assert np.isnan(means[-1])


def test_of_similar_loans_the_outcomes_and_the_scores_are_told() -> None:
    tables = tables_with_histories(900)
    cases = cases_of(tables)

    features = one_lesson(Lesson.LOANS, tables).add(tables, cases.features)

    lengths = cases.features["credit_to_annuity_months"].cast(pl.Float64).to_numpy()
    for told, values in (
        ("similar_loans_default_share", tables.application["target"].cast(pl.Float64)),
        ("similar_loans_ext_source_2", cases.features["ext_source_2"].cast(pl.Float64)),
        ("similar_loans_employment_years", cases.features["employment_years"].cast(pl.Float64)),
    ):
        expected = plain_mean(lengths[7], lengths, values.to_numpy(), len(lengths) // 20)
        assert features[told][7] == pytest.approx(expected, abs=1e-6)


def test_the_share_of_defaults_is_told_of_few_and_of_many_similar_loans() -> None:
    lengths = np.arange(40_000.0)
    target = (lengths < 200).astype(np.float64)

    few, many = (Staircase.of(lengths, target, nearest=loans).at(np.array([100.0]))[0] for loans in (60, 1_000))

    assert (few, many) == (1.0, pytest.approx(0.2))


def test_neighbours_are_the_nearest_points_and_nothing_names_them() -> None:
    known = known_of(tables_with_histories(400))
    found = Neighbours.learn(known)
    new = cases_of(tables_with_histories(20, seed=9))

    told = next(iter(found.tell(new).values()))

    where = np.nan_to_num((new.numbers(COORDINATES) - found.middle) / found.spread).astype(np.float32)
    distance = ((where[:, None, :].astype(float) - found.points[None].astype(float)) ** 2).sum(axis=2)
    assert told.tolist() == [found.defaults[np.argsort(row)[:20]].mean() for row in distance]
    assert set(found.to_json()) == {"middle", "spread", "points", "defaults"}
    assert np.array_equal(found.points, found.points[np.lexsort((found.defaults, *found.points.T))])


def test_lines_like_those_of_clients_in_default_are_told_apart_and_the_latest_is_the_last_decided() -> None:
    tables = tables_with_histories(900)
    features = one_lesson(Lesson.PREVIOUS, tables).add(tables, cases_of(tables).features)
    latest = (
        tables.previous_application.sort("days_decision", "sk_id_prev")
        .group_by("sk_id_curr", maintain_order=True)
        .agg(pl.col("name_contract_status").last(), pl.len())
    )
    both = latest.join(features, on="sk_id_curr")

    mean = dict(both.group_by("name_contract_status").agg(pl.col("previous_likeness_last").mean()).iter_rows())

    assert mean["Refused"] > mean["Approved"] + 0.02
    single = both.filter(pl.col("len") == 1)
    assert (single["previous_likeness_mean"] == single["previous_likeness_max"]).all()
    assert (single["previous_likeness_last"] == single["previous_likeness_max"]).all()
    assert (
        features.filter(~pl.col("sk_id_curr").is_in(latest["sk_id_curr"].implode()))["previous_likeness_mean"]
        .is_null()
        .all()
    )


def test_a_client_with_many_lines_counts_as_one_client() -> None:
    tables = tables_with_histories(600)
    bad = tables.application.filter(pl.col("target") == 1)["sk_id_curr"]
    again = tables.previous_application.filter(pl.col("sk_id_curr").is_in(bad.implode()))
    more = [again.with_columns(pl.col("sk_id_prev") + copy * 1_000_000) for copy in range(1, 5)]
    repeated = pl.concat([tables.previous_application, *more])

    likeness = Likeness.learn(
        known_of(Tables.of({"application": tables.application, "previous_application": repeated})),
        lesson=Lesson.PREVIOUS,
    )

    told = likeness.tell(cases_of(tables))["previous mean"]
    assert np.nanmean(told) == pytest.approx(tables.application["target"].mean(), abs=0.05)


def test_no_lesson_looks_at_a_barred_or_controlled_column() -> None:
    cases = cases_of(tables_with_histories(5))

    looked_at = {*cases.previous.rows.columns, *cases.bureau.rows.columns}

    assert not looked_at & (BARRED_COLUMNS | CONTROLLED_COLUMNS)
    assert not {name for name in looked_at if name.startswith("sk_id")}
