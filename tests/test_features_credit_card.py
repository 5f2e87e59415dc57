"""Features of the card statements, on one client's statements worked out by hand."""

from __future__ import annotations

import math

import polars as pl
import pytest

from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

CLIENT = 100_001
Row = dict[str, object]


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=kind) for name, kind in TABLES[table].schema.items()}
    )


def statement(month: int, balance: float, **facts: object) -> Row:
    return {
        "sk_id_curr": CLIENT,
        "sk_id_prev": 1,
        "months_balance": month,
        "amt_balance": balance,
        "amt_credit_limit_actual": 1_000.0,
        "amt_drawings_current": 0.0,
        "amt_drawings_atm_current": 0.0,
        "name_contract_status": "Active",
        "sk_dpd": 0,
        **facts,
    }


STATEMENTS = [
    statement(-1, 800.0, amt_drawings_current=200.0, amt_drawings_atm_current=50.0),
    statement(-2, 600.0, amt_payment_current=90.0, amt_inst_min_regularity=60.0),
    statement(-10, 1_000.0, sk_dpd=3, amt_payment_current=10.0, amt_inst_min_regularity=50.0),
    statement(-30, 0.0, name_contract_status="Completed"),
]


def features_of(statements: list[Row]) -> dict[str, object]:
    application = frame("application", [{"sk_id_curr": CLIENT, "amt_income_total": 1_600.0}])
    tables = Tables.of({"application": application, "credit_card_balance": frame("credit_card_balance", statements)})
    return build_features(tables).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("card_count", 4),
        ("card_active_count", 3),
        ("card_completed_share", 1 / 4),
        ("card_balance_max", 1_000),
        ("card_balance_std", math.sqrt(560_000 / 3)),
        ("card_balance_to_limit_max", 1),
        ("card_last_2_months_balance_to_limit_mean", 0.7),
        ("card_latest_balance_to_limit", 0.8),
        ("card_paid_to_minimum_min", 0.2),
        ("card_below_minimum_share", 1 / 4),
        ("card_full_share", 1 / 4),
        ("card_drawing_share", 1 / 4),
        ("card_atm_share", 1 / 4),
        ("card_paid_to_drawn", 0.5),
        ("card_balance_to_income", 0.5),
        ("card_late_months_ago", 10),
        ("card_last_12_months_late_days_max", 3),
        ("card_balance_6_to_24_months", 700 / 800),
        ("card_last_6_months_use_trend", 0.2 * 12),
        ("card_last_12_months_use_trend", -(3 * 12 - 13 * 2.4) / (3 * 105 - 13 * 13) * 12),
        ("card_last_24_months_use_trend", -(3 * 12 - 13 * 2.4) / (3 * 105 - 13 * 13) * 12),
    ],
)
def test_a_formula_gives_the_value_worked_out_by_hand(name: str, expected: float) -> None:
    assert features_of(STATEMENTS)[name] == pytest.approx(expected)


def test_a_card_closed_to_a_limit_of_nought_is_not_used_without_end() -> None:
    assert features_of([statement(-1, 100.0, amt_credit_limit_actual=0.0)])["card_balance_to_limit_max"] is None


def test_a_use_that_stays_has_no_trend_and_neither_has_one_without_a_limit() -> None:
    steady = [statement(-month, 123.0) for month in range(1, 6)]
    without_a_limit = [statement(-month, 10.0 * month, amt_credit_limit_actual=0.0) for month in range(1, 6)]

    assert features_of(steady)["card_last_6_months_use_trend"] == 0
    assert features_of(without_a_limit)["card_last_6_months_use_trend"] is None


def test_a_client_without_a_card_has_no_statement_and_no_balance() -> None:
    features = features_of([])

    assert features["card_count"] == features["card_active_count"] == 0
    assert features["card_balance_mean"] is None
