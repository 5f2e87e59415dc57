"""The published layout, and clients whose facts agree with one another."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelling.demo_data import write_demo_data
from modelling.demo_data.chunk import Frames
from modelling.features.schema import TABLES
from tests.demo_data import HISTORY, NOT_YET, SEED


def test_every_file_has_the_published_columns_in_order(frames: Frames) -> None:
    for spec in TABLES.values():
        published = [column.source for column in spec.columns]
        for file in spec.files:
            expected = [name for name in published if file != "application_test" or name != "TARGET"]
            assert frames[file].columns == expected, file


def test_numbers_are_coded_as_published(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "out", clients=400, seed=SEED)
    texts = pl.read_csv(tmp_path / "out" / "application_train.csv", infer_schema=False)

    assert texts["DAYS_EMPLOYED"].str.contains(r"^(-\d+|365243)$").all()
    assert texts["DAYS_REGISTRATION"].str.contains(r"^-?\d+\.0$").all()
    assert texts["FLAG_EMP_PHONE"].is_in(["0", "1"]).all()
    assert texts["OWN_CAR_AGE"].is_null().any()
    assert texts["ORGANIZATION_TYPE"].eq("XNA").any()


def test_identifiers_are_unique(frames: Frames, applications: pl.DataFrame) -> None:
    assert applications["SK_ID_CURR"].is_unique().all()
    assert frames["bureau"]["SK_ID_BUREAU"].is_unique().all()
    assert frames["previous_application"]["SK_ID_PREV"].is_unique().all()
    assert not frames["bureau_balance"].select("SK_ID_BUREAU", "MONTHS_BALANCE").is_duplicated().any()
    assert not frames["credit_card_balance"].select("SK_ID_PREV", "MONTHS_BALANCE").is_duplicated().any()


def test_history_belongs_to_known_clients(frames: Frames, applications: pl.DataFrame) -> None:
    clients = applications["SK_ID_CURR"].implode()
    for name in HISTORY:
        assert frames[name]["SK_ID_CURR"].is_in(clients).all(), name
    assert frames["bureau_balance"]["SK_ID_BUREAU"].is_in(frames["bureau"]["SK_ID_BUREAU"].implode()).all()


@pytest.mark.parametrize(
    ("table", "share", "tolerance"), [("POS_CASH_balance", 0.034, 0.015), ("credit_card_balance", 0.326, 0.05)]
)
def test_the_published_share_of_rows_names_an_unknown_contract(
    frames: Frames, table: str, share: float, tolerance: float
) -> None:
    known = frames["previous_application"]["SK_ID_PREV"].implode()

    assert (~frames[table]["SK_ID_PREV"].is_in(known)).mean() == pytest.approx(share, abs=tolerance)


def test_a_contract_belongs_to_one_client(frames: Frames) -> None:
    names = ("previous_application", "POS_CASH_balance", "installments_payments", "credit_card_balance")
    pairs = pl.concat(frames[name].select("SK_ID_PREV", "SK_ID_CURR") for name in names).unique()

    assert pairs["SK_ID_PREV"].is_unique().all()


def test_without_employer_exactly_when_not_employed(applications: pl.DataFrame) -> None:
    jobless = applications["NAME_INCOME_TYPE"].is_in(["Pensioner", "Unemployed"])

    assert ((applications["DAYS_EMPLOYED"] == NOT_YET) == jobless).all()
    assert ((applications["ORGANIZATION_TYPE"] == "XNA") == jobless).all()
    assert applications.filter(jobless)["OCCUPATION_TYPE"].is_null().all()
    assert ((applications["FLAG_EMP_PHONE"] == 1) == ~jobless).all()


def test_nobody_has_worked_since_childhood(applications: pl.DataFrame) -> None:
    employed = applications.filter(pl.col("DAYS_EMPLOYED") < 0)

    assert (employed["DAYS_EMPLOYED"] - employed["DAYS_BIRTH"] > 16 * 365).all()


def test_a_car_has_an_age_exactly_when_there_is_a_car(applications: pl.DataFrame) -> None:
    assert (applications["OWN_CAR_AGE"].is_not_null() == (applications["FLAG_OWN_CAR"] == "Y")).all()


def test_enquiries_are_missing_together(applications: pl.DataFrame) -> None:
    gaps = applications.select(pl.col("^AMT_REQ_CREDIT_BUREAU_.*$").is_null())

    assert (gaps.sum_horizontal().is_in([0, 6])).all()


def test_housing_is_missing_together(applications: pl.DataFrame) -> None:
    housing = applications.select(applications.columns[43:90])
    gaps = housing.select(pl.all().is_null()).sum_horizontal()

    assert len(housing.columns) == 47
    assert (gaps == 47).mean() == pytest.approx(0.474, abs=0.03)
    assert np.mean((gaps == 0).to_numpy()) > 0.2


def test_circle_defaults_are_among_the_circle_observed(applications: pl.DataFrame) -> None:
    known = applications.drop_nulls("OBS_30_CNT_SOCIAL_CIRCLE")

    assert (known["DEF_30_CNT_SOCIAL_CIRCLE"] <= known["OBS_30_CNT_SOCIAL_CIRCLE"]).all()
    assert (known["DEF_60_CNT_SOCIAL_CIRCLE"] <= known["DEF_30_CNT_SOCIAL_CIRCLE"]).all()


def test_the_annuity_pays_the_loan_back_with_interest(applications: pl.DataFrame) -> None:
    cash = applications.filter(pl.col("NAME_CONTRACT_TYPE") == "Cash loans").drop_nulls(["AMT_ANNUITY"])
    months = (cash["AMT_CREDIT"] / cash["AMT_ANNUITY"]).to_numpy()

    assert months.min() > 7
    assert months.max() < 46
    assert (cash["AMT_CREDIT"] >= cash["AMT_GOODS_PRICE"].fill_null(0) - 5).all()


def test_incomes_are_stated_in_round_numbers(applications: pl.DataFrame) -> None:
    income = applications["AMT_INCOME_TOTAL"]

    assert (income % 4_500 == 0).all()
    assert np.mean((income % 22_500 == 0).to_numpy()) > 0.6
