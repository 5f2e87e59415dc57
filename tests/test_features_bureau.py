"""Features of the credits elsewhere, on one client's credits worked out by hand."""

from __future__ import annotations

import polars as pl
import pytest

from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

CLIENT = 100_001
Row = dict[str, object]

CAR: Row = {
    "sk_id_bureau": 1,
    "credit_active": "Active",
    "credit_type": "Car loan",
    "credit_currency": "currency 1",
    "days_credit": -730,
    "days_credit_enddate": 730,
    "credit_day_overdue": 0,
    "amt_credit_sum": 10_000.0,
    "amt_credit_sum_debt": 4_000.0,
    "amt_annuity": 300.0,
}
CARD: Row = {
    "sk_id_bureau": 2,
    "credit_active": "Active",
    "credit_type": "Credit card",
    "credit_currency": "currency 1",
    "days_credit": -100,
    "credit_day_overdue": 12,
    "amt_credit_sum": 2_000.0,
    "amt_credit_sum_debt": 1_000.0,
}
CLOSED: Row = {
    "sk_id_bureau": 3,
    "credit_active": "Closed",
    "credit_type": "Consumer credit",
    "credit_currency": "currency 1",
    "days_credit": -1461,
    "days_credit_enddate": -400,
    "days_enddate_fact": -500,
    "credit_day_overdue": 0,
    "amt_credit_max_overdue": 50.0,
    "amt_credit_sum": 6_000.0,
    "amt_credit_sum_debt": 0.0,
}


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=kind) for name, kind in TABLES[table].schema.items()}
    )


def features_of(credits_elsewhere: list[Row], months: list[Row] | None = None) -> dict[str, object]:
    tables = Tables.of(
        {
            "application": frame("application", [{"sk_id_curr": CLIENT, "amt_income_total": 10_000.0}]),
            "bureau": frame("bureau", [{"sk_id_curr": CLIENT, **row} for row in credits_elsewhere]),
            "bureau_balance": frame("bureau_balance", months or []),
        }
    )
    return build_features(tables).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bureau_count", 3),
        ("bureau_active_count", 2),
        ("bureau_last_180_days_count", 1),
        ("bureau_last_720_days_count", 1),
        ("bureau_last_1825_days_count", 3),
        ("bureau_last_1825_days_credit_sum", 18_000),
        ("bureau_last_1825_days_debt_sum", 5_000),
        ("bureau_count_365_to_1825_days", 1 / 3),
        ("bureau_credit_365_to_1825_days", 2_000 / 18_000),
        ("bureau_active_share", 2 / 3),
        ("bureau_arrears_share", 2 / 3),
        ("bureau_car_share", 1 / 3),
        ("bureau_opened_years_max", 4),
        ("bureau_active_opened_years_mean", 415 / 365.25),
        ("bureau_remaining_years_max", 730 / 365.25),
        ("bureau_debt_sum", 5_000),
        ("bureau_debt_mean", 5_000 / 3),
        ("bureau_closed_credit_max", 6_000),
        ("bureau_worst_overdue_mean", 50),
        ("bureau_overdue_days_max", 12),
        ("bureau_active_debt_to_credit", 5_000 / 12_000),
        ("bureau_active_debt_to_credit_mean", 0.45),
        ("bureau_newest_debt_to_credit", 0.5),
        ("bureau_newest_type", "Credit card"),
        ("bureau_card_debt_to_limit", 0.5),
        ("bureau_credit_left", 5_000),
        ("bureau_types_count", 3),
        ("bureau_active_debt_to_income", 0.5),
        ("bureau_active_annuity_to_income", 0.03),
        ("bureau_late_now_count", 1),
        ("bureau_last_closed_days", 500),
        ("bureau_early_days_mean", 100),
        ("bureau_gap_days", (1461 - 100) / 2),
        ("bureau_last_365_days_share", 1 / 3),
    ],
)
def test_a_formula_gives_the_value_worked_out_by_hand(name: str, expected: float | str) -> None:
    value = features_of([CAR, CARD, CLOSED])[name]

    assert value == (expected if isinstance(expected, str) else pytest.approx(expected))


def test_a_client_the_bureau_does_not_know_has_no_credits_and_no_amounts() -> None:
    features = features_of([])

    assert features["bureau_count"] == features["bureau_types_count"] == 0
    assert features["bureau_debt_sum"] is None
    assert features["bureau_active_share"] is None


def test_dates_before_40000_days_are_errors_of_entry() -> None:
    features = features_of([{**CLOSED, "days_credit_enddate": -42_023, "days_enddate_fact": -42_023}])

    assert features["bureau_remaining_years_min"] is None
    assert features["bureau_last_closed_days"] is None


def test_a_debt_on_a_credit_of_nought_is_no_infinite_ratio() -> None:
    assert features_of([{**CARD, "amt_credit_sum": 0.0}])["bureau_active_debt_to_credit_mean"] is None


def test_of_two_credits_opened_the_same_day_the_higher_id_is_newer() -> None:
    same_day = [{**CAR, "days_credit": -100}, CARD]

    assert features_of(same_day)["bureau_newest_type"] == "Credit card"
    assert features_of(same_day[::-1])["bureau_newest_type"] == "Credit card"


def test_who_borrowed_nothing_elsewhere_of_late_has_a_share_of_nought_and_in_five_years_none() -> None:
    nothing_of_late, nothing = features_of([CLOSED]), features_of([{**CLOSED, "days_credit": -1826}])

    assert nothing_of_late["bureau_count_365_to_1825_days"] == nothing_of_late["bureau_credit_365_to_1825_days"] == 0
    assert nothing["bureau_count_365_to_1825_days"] is nothing["bureau_credit_365_to_1825_days"] is None


def test_monthly_statuses_tell_how_late_and_when() -> None:
    statuses = {0: "0", -1: "1", -2: "3", -13: "1", -30: "C"}
    months: list[Row] = [
        {"sk_id_bureau": 1, "months_balance": month, "status": status} for month, status in statuses.items()
    ]

    features = features_of([CAR], months)

    assert features["bureau_record_months_sum"] == 5
    assert features["bureau_record_start_months_max"] == 30
    assert features["bureau_record_end_months_min"] == 0
    assert features["bureau_late_months_sum"] == 3
    assert features["bureau_late_last_6_months_sum"] == 2
    assert features["bureau_late_last_24_months_sum"] == 3
    assert features["bureau_late_6_to_24_months"] == pytest.approx(2 / 3)
    assert features["bureau_worst_status_max"] == 3
    assert features["bureau_status_1_share_mean"] == pytest.approx(0.4)
    assert features["bureau_status_c_share_mean"] == pytest.approx(0.2)


def test_monthly_statuses_of_a_credit_the_bureau_does_not_list_change_nothing() -> None:
    strange: list[Row] = [{"sk_id_bureau": 99, "months_balance": -1, "status": "5"}]

    assert features_of([CAR], strange) == features_of([CAR])
