"""Features of what was due and paid, on one client's payments worked out by hand."""

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


def payment(loan: int, number: int, due_day: int, paid_day: int, *, paid: float = 100.0, version: int = 1) -> Row:
    return {
        "sk_id_curr": CLIENT,
        "sk_id_prev": loan,
        "num_instalment_version": version,
        "num_instalment_number": number,
        "days_instalment": due_day,
        "days_entry_payment": paid_day,
        "amt_instalment": 100.0,
        "amt_payment": paid,
    }


IN_TIME = payment(1, 1, -100, -104)
IN_TWO_PARTS = [payment(1, 2, -70, -70, paid=60.0), payment(1, 2, -70, -60, paid=40.0)]
SHORT = payment(2, 1, -400, -380, paid=50.0, version=2)
PAYMENTS = [IN_TIME, *IN_TWO_PARTS, SHORT]


def features_of(payments: list[Row]) -> dict[str, object]:
    application = frame("application", [{"sk_id_curr": CLIENT, "amt_income_total": 1_000.0}])
    tables = Tables.of({"application": application, "installments_payments": frame("installments_payments", payments)})
    return build_features(tables).row(0, named=True)


WEIGHTS = [math.exp(-day / 365.25) for day in (100, 70, 400)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("instalments_count", 4),
        ("instalments_versions_count", 2),
        ("instalments_merged_count", 3),
        ("instalments_last_6_months_count", 2),
        ("instalments_paid_to_due_mean", 2.5 / 4),
        ("instalments_shortfall_sum", 150),
        ("instalments_late_days_max", 20),
        ("instalments_early_days_sum", 4),
        ("instalments_late_share", 2 / 3),
        ("instalments_late_7_days_share", 2 / 3),
        ("instalments_late_15_days_share", 1 / 3),
        ("instalments_underpaid_share", 1 / 3),
        ("instalments_last_12_months_late_7_days_share", 1 / 2),
        ("instalments_late_days_ago", 70),
        ("instalments_underpaid_days_ago", 400),
        ("instalments_last_12_months_shortfall_sum", 0),
        ("instalments_last_12_months_paid_to_due", 1),
        ("instalments_due_to_income", 0.2),
        ("instalments_paid_to_due_by_loan", 0.75),
        ("instalments_late_days_weighted", (10 * WEIGHTS[1] + 20 * WEIGHTS[2]) / sum(WEIGHTS)),
        ("instalments_early_days_weighted", 4 * WEIGHTS[0] / sum(WEIGHTS)),
        ("instalments_last_6_months_late_trend", (10 + 4) / 30 * 365.25),
    ],
)
def test_a_formula_gives_the_value_worked_out_by_hand(name: str, expected: float) -> None:
    assert features_of(PAYMENTS)[name] == pytest.approx(expected)


def test_each_payment_on_a_card_stands_for_itself() -> None:
    on_a_card = [payment(3, 1, -70, -70, version=0), payment(3, 1, -70, -60, version=0)]

    assert features_of(on_a_card)["instalments_merged_count"] == 2


def test_what_was_never_paid_has_no_delay() -> None:
    features = features_of([{**IN_TIME, "days_entry_payment": None, "amt_payment": None}])

    assert features["instalments_late_days_mean"] is None
    assert features["instalments_shortfall_sum"] is None
    assert features["instalments_last_6_months_late_trend"] is None


def test_a_client_who_pays_no_later_and_no_sooner_has_no_trend() -> None:
    steady = [payment(1, number, -30 * number, -30 * number + 5) for number in range(1, 5)]

    assert features_of(steady)["instalments_last_6_months_late_trend"] == 0


def test_an_instalment_of_nought_is_no_infinite_share() -> None:
    assert features_of([{**IN_TIME, "amt_instalment": 0.0}])["instalments_paid_to_due_mean"] is None
