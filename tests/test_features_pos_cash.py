"""Features of the monthly loan statements, on one client's statements worked out by hand."""

from __future__ import annotations

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


def statement(loan: int, month: int, left: int, *, late: int = 0, status: str = "Active") -> Row:
    return {
        "sk_id_curr": CLIENT,
        "sk_id_prev": loan,
        "months_balance": month,
        "cnt_instalment": 12,
        "cnt_instalment_future": left,
        "name_contract_status": status,
        "sk_dpd": late,
        "sk_dpd_def": 0,
    }


RUNNING = [statement(1, -1, 3), statement(1, -2, 4, late=10), statement(1, -8, 10)]
REPAID = [statement(2, -20, 0, status="Completed"), statement(2, -21, 1, late=2)]


def features_of(statements: list[Row]) -> dict[str, object]:
    application = frame("application", [{"sk_id_curr": CLIENT}])
    tables = Tables.of({"application": application, "pos_cash_balance": frame("pos_cash_balance", statements)})
    return build_features(tables).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pos_count", 5),
        ("pos_last_6_months_count", 2),
        ("pos_loans_count", 2),
        ("pos_running_loans_count", 1),
        ("pos_completed_loans_count", 1),
        ("pos_left_count", 3),
        ("pos_left_share", 3 / 12),
        ("pos_longest_left_count", 3),
        ("pos_active_share", 4 / 5),
        ("pos_late_share", 2 / 5),
        ("pos_last_6_months_late_share", 1 / 2),
        ("pos_last_12_months_late_share", 1 / 3),
        ("pos_late_months_ago", 2),
        ("pos_late_days_max", 10),
        ("pos_last_12_months_late_days_mean", 10 / 3),
        ("pos_age_months_max", 21),
        ("pos_late_6_to_24_months", 5 / (12 / 5)),
        ("pos_last_6_months_late_trend", -10 * 12),
        ("pos_last_12_months_late_trend", -(3 * 20 - 11 * 10) / (3 * 69 - 11 * 11) * 12),
        ("pos_last_24_months_late_trend", -(5 * 62 - 52 * 12) / (5 * 910 - 52 * 52) * 12),
    ],
)
def test_a_formula_gives_the_value_worked_out_by_hand(name: str, expected: float) -> None:
    assert features_of([*RUNNING, *REPAID])[name] == pytest.approx(expected)


def test_a_delay_that_stays_has_no_trend_and_one_month_alone_tells_none() -> None:
    steady = [statement(1, -month, 3, late=7) for month in range(1, 6)]

    assert features_of(steady)["pos_last_6_months_late_trend"] == 0
    assert features_of(steady[:1])["pos_last_6_months_late_trend"] is None


def test_of_two_statements_of_a_loan_for_one_month_the_one_with_less_to_come_is_later() -> None:
    twice = [statement(1, -1, 3), statement(1, -1, 2)]

    assert features_of(twice)["pos_left_count"] == features_of(twice[::-1])["pos_left_count"] == 2


def test_a_client_without_statements_has_none_and_nothing_to_come() -> None:
    features = features_of([])

    assert features["pos_count"] == 0
    assert features["pos_left_count"] is None
