"""Credit histories that hold together: loans elsewhere and with us."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from modelling.demo_data.chunk import Frames


def test_a_bureau_credit_ends_after_it_began_and_before_the_application_when_closed(frames: Frames) -> None:
    bureau = frames["bureau"]
    closed = bureau.drop_nulls("DAYS_ENDDATE_FACT")

    assert (closed["DAYS_ENDDATE_FACT"] >= closed["DAYS_CREDIT"]).all()
    assert (closed["DAYS_ENDDATE_FACT"] < 0).all()
    assert bureau.filter(pl.col("CREDIT_ACTIVE") == "Active")["DAYS_ENDDATE_FACT"].is_null().all()


def test_a_bureau_debt_is_at_most_the_credit_and_none_when_closed(frames: Frames) -> None:
    known = frames["bureau"].drop_nulls("AMT_CREDIT_SUM_DEBT")

    assert (known["AMT_CREDIT_SUM_DEBT"] <= known["AMT_CREDIT_SUM"] + 0.01).all()
    assert (known.filter(pl.col("CREDIT_ACTIVE") == "Closed")["AMT_CREDIT_SUM_DEBT"] == 0).all()


@pytest.mark.parametrize(("file", "share"), [("application_train", 0.361), ("application_test", 0.999)])
def test_monthly_bureau_rows_cover_the_published_share_of_credits(frames: Frames, file: str, share: float) -> None:
    of_these = frames["bureau"].join(frames[file].select("SK_ID_CURR"), on="SK_ID_CURR", how="semi")
    covered = of_these["SK_ID_BUREAU"].is_in(frames["bureau_balance"]["SK_ID_BUREAU"].implode())

    assert covered.mean() == pytest.approx(share, abs=0.03)


def test_monthly_bureau_rows_start_with_the_credit_and_have_no_holes(frames: Frames) -> None:
    months = (
        frames["bureau_balance"]
        .group_by("SK_ID_BUREAU")
        .agg(pl.len(), pl.col("MONTHS_BALANCE").min().alias("first"), pl.col("MONTHS_BALANCE").max().alias("last"))
    )
    joined = months.join(frames["bureau"], on="SK_ID_BUREAU")

    assert (joined["len"].cast(int) == joined["last"] - joined["first"] + 1).all()
    assert (joined["last"] <= 0).all()
    assert (joined["first"] - joined["DAYS_CREDIT"] / 30.4375).is_between(-1, 1).all()


def test_once_closed_a_bureau_credit_stays_closed(frames: Frames) -> None:
    rows = (
        frames["bureau_balance"]
        .sort("SK_ID_BUREAU", "MONTHS_BALANCE")
        .with_columns(
            (pl.col("STATUS") == "C").alias("closed"),
            (pl.col("STATUS").shift(1).over("SK_ID_BUREAU") == "C").fill_null(value=False).alias("closed_before"),
        )
    )

    assert np.mean(rows["closed"].to_numpy()) == pytest.approx(0.468, abs=0.05)
    assert rows.filter("closed_before")["closed"].all()


def test_only_granted_loans_have_dates_and_balances(frames: Frames) -> None:
    previous = frames["previous_application"]
    others = previous.filter(pl.col("NAME_CONTRACT_STATUS") != "Approved")

    assert others["DAYS_FIRST_DUE"].is_null().all()
    for name in ("POS_CASH_balance", "installments_payments", "credit_card_balance"):
        assert not frames[name]["SK_ID_PREV"].is_in(others["SK_ID_PREV"].implode()).any(), name


def test_cards_have_card_balances_and_loans_have_cash_balances(frames: Frames) -> None:
    previous = frames["previous_application"].select("SK_ID_PREV", "NAME_CONTRACT_TYPE")
    cards = frames["credit_card_balance"].join(previous, on="SK_ID_PREV")
    loans = frames["POS_CASH_balance"].join(previous, on="SK_ID_PREV")

    assert (cards["NAME_CONTRACT_TYPE"] == "Revolving loans").all()
    assert loans["NAME_CONTRACT_TYPE"].is_in(["Consumer loans", "Cash loans"]).all()


def test_instalments_of_an_ended_loan_add_up_to_the_contract(frames: Frames, ended_loans: pl.DataFrame) -> None:
    rows = frames["installments_payments"].unique(["SK_ID_PREV", "NUM_INSTALMENT_NUMBER"])
    sums = rows.group_by("SK_ID_PREV").agg(pl.len(), pl.col("AMT_INSTALMENT").sum().alias("due"))
    joined = ended_loans.join(sums, on="SK_ID_PREV")
    to_term = joined.filter(pl.col("len") == pl.col("CNT_PAYMENT"))
    early = joined.filter(pl.col("len") < pl.col("CNT_PAYMENT"))

    assert to_term.height > 1_000
    assert np.allclose(to_term["due"], to_term["AMT_ANNUITY"] * to_term["CNT_PAYMENT"], atol=0.05)
    # Repaid early: more than the credit, less than all the annuities.
    assert (early["due"] > 0.99 * early["AMT_CREDIT"]).all()
    assert (early["due"] < early["AMT_ANNUITY"] * early["CNT_PAYMENT"]).all()
    assert (joined["len"] <= joined["CNT_PAYMENT"]).all()


def test_instalments_fall_due_thirty_days_apart_from_the_first_to_the_last_due_day(
    frames: Frames, ended_loans: pl.DataFrame
) -> None:
    rows = frames["installments_payments"].unique(["SK_ID_PREV", "NUM_INSTALMENT_NUMBER"])
    loans = rows.join(ended_loans.select("SK_ID_PREV", "DAYS_FIRST_DUE", "DAYS_LAST_DUE"), on="SK_ID_PREV")
    ends = loans.group_by("SK_ID_PREV").agg(
        pl.col("DAYS_INSTALMENT").min().alias("first"),
        pl.col("DAYS_INSTALMENT").max().alias("last"),
        pl.first("DAYS_FIRST_DUE", "DAYS_LAST_DUE"),
    )

    assert (loans["DAYS_INSTALMENT"] == loans["DAYS_FIRST_DUE"] + 30 * (loans["NUM_INSTALMENT_NUMBER"] - 1)).all()
    assert (ends["first"] == ends["DAYS_FIRST_DUE"]).all()
    assert (ends["last"] == ends["DAYS_LAST_DUE"]).all()


def test_payments_are_made_before_the_application_and_split_ones_share_the_amount(frames: Frames) -> None:
    rows = frames["installments_payments"]
    loans = rows.filter(pl.col("NUM_INSTALMENT_VERSION") > 0)
    paid = loans.group_by("SK_ID_PREV", "NUM_INSTALMENT_NUMBER").agg(
        pl.col("AMT_PAYMENT").sum(), pl.first("AMT_INSTALMENT"), pl.len()
    )

    assert (rows["DAYS_ENTRY_PAYMENT"] < 0).all()
    assert (paid["AMT_PAYMENT"] <= paid["AMT_INSTALMENT"] + 0.1).all()
    assert (paid["len"] == 2).mean() == pytest.approx(0.055, abs=0.01)


def test_instalments_to_come_count_down_to_none(frames: Frames) -> None:
    rows = frames["POS_CASH_balance"].drop_nulls("CNT_INSTALMENT_FUTURE").sort("SK_ID_PREV", "MONTHS_BALANCE")
    fall = rows.select(pl.col("CNT_INSTALMENT_FUTURE").diff().over("SK_ID_PREV").alias("step"))["step"].drop_nulls()

    assert (fall < 0).all()
    assert (rows["CNT_INSTALMENT_FUTURE"] <= rows["CNT_INSTALMENT"]).all()
    assert (rows.filter(pl.col("NAME_CONTRACT_STATUS") == "Completed")["CNT_INSTALMENT_FUTURE"] == 0).all()


def test_a_card_balance_runs_on_from_month_to_month(frames: Frames) -> None:
    rows = frames["credit_card_balance"].sort("SK_ID_PREV", "MONTHS_BALANCE")
    before = rows["AMT_BALANCE"].shift(1)
    same_card = (rows["SK_ID_PREV"] == rows["SK_ID_PREV"].shift(1)).fill_null(value=False)
    expected = before * 1.025 - rows["AMT_PAYMENT_TOTAL_CURRENT"] + rows["AMT_DRAWINGS_CURRENT"]
    gap = (rows["AMT_BALANCE"] - expected).filter(same_card).abs()

    # Under 45 the rest is written off.
    assert (gap < 46).all()
    assert np.mean((gap < 1).to_numpy()) > 0.95


def test_nothing_is_drawn_beyond_the_limit(frames: Frames) -> None:
    drawing = frames["credit_card_balance"].filter(pl.col("AMT_DRAWINGS_CURRENT") > 0)

    assert drawing.height > 1_000
    assert (drawing["AMT_BALANCE"] <= drawing["AMT_CREDIT_LIMIT_ACTUAL"] + 0.1).all()
