"""Rates, quantiles and dependences as published."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelling.demo_data.chunk import Frames
from modelling.demo_data.constants import constants, grid
from tests.demo_data import HISTORY


def test_the_published_share_of_clients_is_labelled(frames: Frames, applications: pl.DataFrame) -> None:
    assert frames["application_train"].height == applications.height * 307_511 // 356_255


def test_eight_in_a_hundred_default(frames: Frames) -> None:
    assert frames["application_train"]["TARGET"].mean() == pytest.approx(0.0807, abs=0.012)


@pytest.mark.parametrize(("file", "tolerance"), [(name, 0.07) for name in (*HISTORY, "bureau_balance")])
def test_rows_per_client_are_as_published(
    frames: Frames, applications: pl.DataFrame, file: str, tolerance: float
) -> None:
    published = constants()["published"]["rows"][file.lower()]

    assert frames[file].height / applications.height == pytest.approx(published / 356_255, rel=tolerance)


def test_missing_rates_are_as_published(frames: Frames) -> None:
    train = frames["application_train"]
    for column, rate in constants()["application"]["missing"].items():
        assert train[column].is_null().mean() == pytest.approx(rate, abs=0.03), column


@pytest.mark.parametrize(
    "column",
    [
        "AMT_INCOME_TOTAL", "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE", "DAYS_BIRTH", "DAYS_REGISTRATION",
        "DAYS_ID_PUBLISH", "EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3", "OWN_CAR_AGE", "APARTMENTS_AVG",
        "LIVINGAREA_MEDI", "TOTALAREA_MODE",
    ],
)  # fmt: skip
def test_quantiles_are_as_published(applications: pl.DataFrame, column: str) -> None:
    published = grid("application", "quantiles", column)
    drawn = applications[column].drop_nulls().to_numpy()
    spread = np.ptp(published.at(np.asarray([0.05, 0.95])))

    for probability in (0.05, 0.25, 0.5, 0.75, 0.95):
        expected = published.at(np.asarray([probability]))[0]
        assert abs(np.quantile(drawn, probability) - expected) < 0.08 * spread, probability


@pytest.mark.parametrize(
    ("column", "level", "share"),
    [
        ("CODE_GENDER", "F", 0.659), ("NAME_FAMILY_STATUS", "Married", 0.639), ("NAME_INCOME_TYPE", "Working", 0.519),
        ("NAME_EDUCATION_TYPE", "Higher education", 0.240), ("FLAG_OWN_CAR", "Y", 0.340),
        ("NAME_CONTRACT_TYPE", "Revolving loans", 0.096), ("NAME_HOUSING_TYPE", "House / apartment", 0.887),
    ],
)  # fmt: skip
def test_categories_are_as_frequent_as_published(
    applications: pl.DataFrame, column: str, level: str, share: float
) -> None:
    assert (applications[column] == level).mean() == pytest.approx(share, abs=0.025)


@pytest.mark.parametrize(
    ("column", "correlation"),
    [("EXT_SOURCE_1", -0.154), ("EXT_SOURCE_2", -0.147), ("EXT_SOURCE_3", -0.170), ("DAYS_BIRTH", 0.082)],
)
def test_default_depends_on_the_application_as_published(frames: Frames, column: str, correlation: float) -> None:
    known = frames["application_train"].drop_nulls(column)
    drawn = known.select(pl.corr(column, "TARGET", method="spearman")).item()

    assert drawn == pytest.approx(correlation, abs=0.06)


def test_those_who_default_paid_late_and_were_refused_more_often(frames: Frames) -> None:
    target = frames["application_train"].select("SK_ID_CURR", "TARGET")
    payments = frames["installments_payments"].join(target, on="SK_ID_CURR")
    asked = frames["previous_application"].join(target, on="SK_ID_CURR")
    late = payments.group_by("TARGET").agg((pl.col("DAYS_ENTRY_PAYMENT") > pl.col("DAYS_INSTALMENT")).mean())
    refused = asked.group_by("TARGET").agg((pl.col("NAME_CONTRACT_STATUS") == "Refused").mean())

    for shares in (late, refused):
        good, bad = shares.sort("TARGET").get_columns()[1].to_list()
        assert bad > 1.15 * good
