"""Laws of the demo data: the published layout, consistent loans, calibrated marginals, same seed same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from modelling.demo_data import FileFormat, write_demo_data
from modelling.demo_data.chunk import Frames, draw_chunk
from modelling.demo_data.constants import constants, grid
from modelling.demo_data.errors import DemoDataError
from modelling.demo_data.people import CHUNK_CLIENTS
from modelling.demo_data.writing import FILES, MARKER
from modelling.features.schema import TABLES

SEED = 3
HISTORY = ("bureau", "previous_application", "POS_CASH_balance", "installments_payments", "credit_card_balance")
NOT_YET = 365_243


@pytest.fixture(scope="module")
def frames() -> Frames:
    """Three chunks of clients, tables by file name."""
    chunks = [draw_chunk(SEED, chunk, clients=CHUNK_CLIENTS) for chunk in range(3)]
    return {name: pl.concat(chunk[name] for chunk in chunks) for name in FILES}


@pytest.fixture(scope="module")
def applications(frames: Frames) -> pl.DataFrame:
    return pl.concat([frames["application_train"].drop("TARGET"), frames["application_test"]])


@pytest.fixture(scope="module")
def ended_loans(frames: Frames) -> pl.DataFrame:
    """Granted loans, not cards, whose last instalment was due before the application."""
    return frames["previous_application"].filter(
        (pl.col("NAME_CONTRACT_STATUS") == "Approved")
        & (pl.col("NAME_CONTRACT_TYPE") != "Revolving loans")
        & (pl.col("DAYS_LAST_DUE") < 0)
    )


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


# Writing


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, file_format: FileFormat) -> None:
    for name in ("first", "second"):
        write_demo_data(tmp_path / name, clients=150, seed=SEED, file_format=file_format)

    assert digests(tmp_path / "first") == digests(tmp_path / "second")


def test_another_seed_gives_other_rows(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "first", clients=50, seed=1)
    write_demo_data(tmp_path / "second", clients=50, seed=2)

    first, second = digests(tmp_path / "first"), digests(tmp_path / "second")
    assert all(first[f"{name}.csv"] != second[f"{name}.csv"] for name in FILES)


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "many", clients=300, seed=SEED)
    program = (
        "import sys; from pathlib import Path; from modelling.demo_data import write_demo_data;"
        f"write_demo_data(Path(sys.argv[1]), clients=300, seed={SEED})"
    )
    alone = os.environ | dict.fromkeys(("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")

    subprocess.run([sys.executable, "-c", program, str(tmp_path / "one")], check=True, env=alone)

    assert digests(tmp_path / "many") == digests(tmp_path / "one")


def test_the_first_clients_are_the_same_whatever_their_number() -> None:
    whole = draw_chunk(SEED, 0, clients=CHUNK_CLIENTS)
    few = draw_chunk(SEED, 0, clients=40)

    last = 100_000 + 40
    for name in (*HISTORY, "application_train", "application_test"):
        assert few[name].equals(whole[name].filter(pl.col("SK_ID_CURR") <= last)), name
    kept = few["bureau"]["SK_ID_BUREAU"].implode()
    assert few["bureau_balance"].equals(whole["bureau_balance"].filter(pl.col("SK_ID_BUREAU").is_in(kept)))


def test_a_chunk_does_not_depend_on_those_before_it(frames: Frames) -> None:
    alone = draw_chunk(SEED, 2, clients=CHUNK_CLIENTS)

    for name in FILES:
        assert frames[name].tail(alone[name].height).equals(alone[name]), name


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")

    with pytest.raises(DemoDataError, match="is not an empty folder"):
        write_demo_data(tmp_path, clients=10, seed=SEED)


def test_no_client_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoDataError, match="At least 1 client"):
        write_demo_data(tmp_path / "out", clients=0, seed=SEED)


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo_data(tmp_path / "out", clients=10, seed=SEED, on_clients=stop)

    assert list(tmp_path.iterdir()) == []


def test_the_folder_says_that_it_is_demo_data_in_both_languages(tmp_path: Path) -> None:
    write_demo_data(tmp_path / "out", clients=10, seed=SEED)

    text = (tmp_path / "out" / MARKER).read_text(encoding="utf-8")
    assert "démonstration" in text
    assert "Demo data" in text


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_every_format_holds_the_same_rows(tmp_path: Path, file_format: FileFormat) -> None:
    write_demo_data(tmp_path / "out", clients=60, seed=SEED, file_format=file_format)

    path = tmp_path / "out" / f"bureau.{file_format}"
    read = pl.read_parquet(path) if file_format is FileFormat.PARQUET else pl.read_csv(path, infer_schema_length=None)
    drawn = draw_chunk(SEED, 0, clients=60)["bureau"]
    assert read.columns == drawn.columns
    assert read["SK_ID_BUREAU"].to_list() == drawn["SK_ID_BUREAU"].to_list()
    assert read["AMT_CREDIT_SUM"].to_list() == drawn["AMT_CREDIT_SUM"].to_list()


def test_no_chunk_repeats_another(frames: Frames) -> None:
    scores = frames["application_train"]["EXT_SOURCE_2"].drop_nulls()

    # Scores of eight decimals meet by chance for next to nobody; the best one is reached by some.
    assert scores.n_unique() > 0.99 * len(scores)


# Layout


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


# The client


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


# The bureau


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


# Earlier loans


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


# Calibration


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


# Speed and signal


@pytest.mark.slow
def test_two_thousand_clients_take_a_few_seconds(tmp_path: Path) -> None:
    start = time.perf_counter()

    write_demo_data(tmp_path / "out", clients=2_000, seed=SEED)

    assert time.perf_counter() - start < 10


@pytest.mark.slow
def test_full_size_would_take_under_ten_minutes_and_four_gigabytes(tmp_path: Path) -> None:
    program = (
        "import resource, sys, time; from pathlib import Path; from modelling.demo_data import write_demo_data;"
        "start = time.perf_counter(); write_demo_data(Path(sys.argv[1]), clients=20_000, seed=1);"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "out")], check=True, capture_output=True, text=True
    )

    seconds, kilobytes = (float(word) for word in done.stdout.split())
    # Chunks are written and let go: time grows with the clients, memory does not.
    assert seconds < 600 * 20_000 / 356_255
    assert kilobytes < 4_000_000
