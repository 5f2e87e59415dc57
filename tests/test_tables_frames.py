"""What `Tables` takes, and the sentence it says when it does not."""

from __future__ import annotations

import math

import polars as pl
import pytest

from modelling.errors import TableSchemaError
from modelling.features.build import build_features
from modelling.features.tables import Tables
from tests.lab_tables import FIRST_CLIENT, Shape, by_name, random_tables

Frames = dict[str, pl.DataFrame]


@pytest.fixture
def frames() -> Frames:
    return dict(by_name(random_tables(1, Shape(clients=4))))


def refusal(frames: Frames) -> str:
    with pytest.raises(TableSchemaError) as refused:
        Tables.of(frames)
    return str(refused.value)


def test_a_table_that_is_absent_counts_as_empty(frames: Frames) -> None:
    tables = Tables.of({"application": frames["application"].drop("target")})

    assert tables.bureau.is_empty()
    assert tables.application["target"].null_count() == 4


def test_the_application_is_needed(frames: Frames) -> None:
    del frames["application"]

    assert refusal(frames).startswith("Table 'application' is needed, others may be bureau, ")


def test_an_unknown_table_is_refused(frames: Frames) -> None:
    assert "salaries" in refusal({**frames, "salaries": frames["bureau"]})


def test_a_missing_and_an_unknown_column_are_named(frames: Frames) -> None:
    frames["bureau"] = frames["bureau"].rename({"credit_type": "kind"})

    assert refusal(frames) == "Table 'bureau' lacks columns [credit_type] and has unknown columns [kind]."


def test_words_where_numbers_belong_are_refused_though_they_spell_numbers(frames: Frames) -> None:
    frames["application"] = frames["application"].with_columns(amt_credit=pl.lit("406597.5"))

    said = "Table 'application' has columns of another type: amt_credit should hold numbers and came as String."
    assert refusal(frames) == said


def test_numbers_where_words_belong_are_refused(frames: Frames) -> None:
    frames["bureau"] = frames["bureau"].with_columns(credit_active=pl.lit(1))

    assert "credit_active should hold words and came as Int32" in refusal(frames)


def test_fractions_of_a_day_are_refused(frames: Frames) -> None:
    frames["bureau"] = frames["bureau"].with_columns(days_credit=pl.lit(-12.5))

    assert refusal(frames) == "Table 'bureau' should hold whole numbers in days_credit; fractions came."


def test_a_number_too_large_for_its_column_is_refused(frames: Frames) -> None:
    frames["application"] = frames["application"].with_columns(flag_mobil=pl.lit(900))

    assert refusal(frames).startswith("Table 'application' holds a value its column cannot hold: ")


@pytest.mark.parametrize("amount", [math.inf, -math.inf, 1e11])
def test_an_amount_no_loan_can_have_is_refused(frames: Frames, amount: float) -> None:
    frames["application"] = frames["application"].with_columns(amt_credit=pl.lit(amount))

    assert refusal(frames).startswith("Table 'application' should hold amounts up to 1e+10; came: amt_credit")


def test_nan_counts_as_missing(frames: Frames) -> None:
    frames["application"] = frames["application"].with_columns(
        amt_credit=pl.lit(math.nan), cnt_children=pl.lit(math.nan)
    )

    application = Tables.of(frames).application

    assert application["amt_credit"].null_count() == application["cnt_children"].null_count() == 4


def test_whole_numbers_may_come_as_floats_and_categories_as_categoricals(frames: Frames) -> None:
    frames["application"] = frames["application"].with_columns(
        pl.col("cnt_children").cast(pl.Float32), pl.col("organization_type").cast(pl.Categorical)
    )

    application = Tables.of(frames).application

    assert application.schema["cnt_children"] == pl.Int32
    assert application.schema["organization_type"] == pl.String


def test_an_application_twice_is_refused(frames: Frames) -> None:
    frames["application"] = pl.concat([frames["application"], frames["application"][:1]])

    assert refusal(frames) == (
        f"Table 'application' should have one row for each sk_id_curr; 1 come more than once, such as {FIRST_CLIENT}."
    )


def test_a_month_of_a_credit_twice_is_refused(frames: Frames) -> None:
    frames["bureau_balance"] = pl.concat([frames["bureau_balance"], frames["bureau_balance"][:1]])

    assert "one row for each sk_id_bureau, months_balance; 1 come more than once" in refusal(frames)


def test_a_row_without_its_key_is_refused(frames: Frames) -> None:
    frames["bureau"] = frames["bureau"].with_columns(sk_id_bureau=pl.lit(None))

    said = "Table 'bureau' should name every row by sk_id_curr, sk_id_bureau; some rows lack sk_id_bureau."
    assert refusal(frames) == said


def test_history_of_a_client_without_application_is_refused_by_the_features(frames: Frames) -> None:
    strangers = frames["bureau"].with_columns(pl.col("sk_id_curr") + 900_000)
    tables = Tables.of({**frames, "bureau": strangers})

    with pytest.raises(TableSchemaError, match=r"^Table 'bureau' has rows of \d clients that no application has, such"):
        build_features(tables)


def test_the_rows_of_some_clients_bring_the_months_of_their_credits(frames: Frames) -> None:
    tables = Tables.of(frames)
    client = tables.bureau.join(tables.bureau_balance, on="sk_id_bureau")["sk_id_curr"][0]

    kept = tables.of_clients(pl.Series([client]))

    assert kept.application["sk_id_curr"].to_list() == [client]
    assert set(kept.bureau["sk_id_curr"]) == {client}
    assert set(kept.bureau_balance["sk_id_bureau"]) <= set(kept.bureau["sk_id_bureau"])
    assert kept.bureau_balance.height > 0
