"""Features of the earlier applications, on one client's applications worked out by hand."""

from __future__ import annotations

import polars as pl
import pytest

from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

CLIENT = 100_001
Row = dict[str, object]

ASKED: Row = {"sk_id_curr": CLIENT, "amt_credit": 24_000.0, "amt_annuity": 1_200.0, "amt_income_total": 6_000.0}
RUNNING: Row = {
    "sk_id_prev": 1,
    "flag_last_appl_per_contract": "Y",
    "name_contract_status": "Approved",
    "name_contract_type": "Cash loans",
    "days_decision": -400,
    "amt_application": 11_000.0,
    "amt_credit": 12_000.0,
    "amt_annuity": 600.0,
    "cnt_payment": 24,
    "days_last_due_1st_version": 365,
    "days_last_due": 365_243,
    "days_termination": 365_243,
    "nflag_insured_on_approval": 1,
}
REPAID: Row = {
    "sk_id_prev": 2,
    "flag_last_appl_per_contract": "Y",
    "name_contract_status": "Approved",
    "name_contract_type": "Consumer loans",
    "days_decision": -1_000,
    "amt_application": 4_000.0,
    "amt_credit": 4_000.0,
    "amt_annuity": 400.0,
    "cnt_payment": 12,
    "days_last_due_1st_version": -600,
    "days_last_due": -700,
    "days_termination": -690,
}
REFUSED: Row = {
    "sk_id_prev": 3,
    "flag_last_appl_per_contract": "Y",
    "name_contract_status": "Refused",
    "name_contract_type": "Cash loans",
    "code_reject_reason": "LIMIT",
    "days_decision": -30,
    "amt_application": 50_000.0,
    "amt_credit": 0.0,
}


def frame(table: str, rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=kind) for name, kind in TABLES[table].schema.items()}
    )


def features_of(earlier: list[Row]) -> dict[str, object]:
    tables = Tables.of(
        {
            "application": frame("application", [ASKED]),
            "previous_application": frame("previous_application", [{"sk_id_curr": CLIENT, **row} for row in earlier]),
        }
    )
    return build_features(tables).row(0, named=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("previous_count", 3),
        ("previous_approved_count", 2),
        ("previous_running_count", 1),
        ("previous_last_365_days_count", 1),
        ("previous_refused_share", 1 / 3),
        ("previous_cash_share", 2 / 3),
        ("previous_insured_share", 1 / 3),
        ("previous_rejected_limit_share", 1 / 3),
        ("previous_annuity_mean", 500),
        ("previous_approved_granted_max", 12_000),
        ("previous_refused_asked_mean", 50_000),
        ("previous_asked_to_granted_mean", (11 / 12 + 1) / 2),
        ("previous_decided_years_max", 1_000 / 365.25),
        ("previous_term_months_sum", 36),
        ("previous_approved_interest_max", 24 * (12 * 400 - 4_000) / (4_000 * 13)),
        ("previous_approved_early_days_mean", 100),
        ("previous_last_3_annuity_mean", 500),
        ("previous_running_annuity_sum", 600),
        ("previous_running_left_months_max", 365 / 30.4375),
        ("previous_running_left_to_pay_sum", 600 * 365 / 30.4375),
        ("previous_last_status", "Refused"),
        ("previous_last_reject_reason", "LIMIT"),
        ("previous_last_3_refused_share", 1 / 3),
        ("previous_last_365_days_refused_share", 1),
        ("previous_last_1825_days_count", 3),
        ("previous_last_1825_days_refused_share", 1 / 3),
        ("previous_count_365_to_1825_days", 1 / 3),
        ("previous_asked_365_to_1825_days", 50_000 / 65_000),
        ("previous_refused_365_to_1825_days", 1),
        ("previous_refused_share_365_to_1825_days", 3),
        ("previous_refused_days_ago", 30),
        ("previous_approved_days_ago", 400),
        ("previous_annuity_to_past_mean", 1_200 / 500),
        ("previous_credit_to_past_max", 2),
        ("previous_due_to_income", 0.1),
        ("previous_granted_beyond_mean", 500),
        ("previous_implied_interest", 24 * (18 * 1_200 - 24_000) / (24_000 * 19)),
    ],
)
def test_a_formula_gives_the_value_worked_out_by_hand(name: str, expected: float | str) -> None:
    value = features_of([RUNNING, REPAID, REFUSED])[name]

    assert value == (expected if isinstance(expected, str) else pytest.approx(expected))


def test_a_client_who_never_applied_has_no_applications_and_no_amounts() -> None:
    features = features_of([])

    assert features["previous_count"] == 0
    assert features["previous_annuity_mean"] is None
    assert features["previous_last_status"] is None


def test_earlier_versions_of_one_contract_do_not_count() -> None:
    repeated = {**REFUSED, "sk_id_prev": 4, "flag_last_appl_per_contract": "N"}

    assert features_of([RUNNING, REFUSED, repeated]) == features_of([RUNNING, REFUSED])


def test_of_two_applications_decided_the_same_day_the_higher_id_is_later() -> None:
    same_day = [{**RUNNING, "days_decision": -30}, REFUSED]

    assert features_of(same_day)["previous_last_status"] == "Refused"
    assert features_of(same_day[::-1])["previous_last_status"] == "Refused"


def test_what_is_older_than_five_years_is_in_no_share_of_the_last_year() -> None:
    ancient = {**REPAID, "sk_id_prev": 9, "days_decision": -1_826}

    assert features_of([ancient])["previous_count_365_to_1825_days"] is None
    assert features_of([ancient, REPAID])["previous_count_365_to_1825_days"] == 0


def test_365243_days_are_no_date() -> None:
    assert features_of([RUNNING])["previous_approved_early_days_mean"] is None


def test_only_the_latest_applications_count_among_the_latest() -> None:
    old = [{**REPAID, "sk_id_prev": 10 + row, "days_decision": -2_000 - row, "amt_annuity": 9e6} for row in range(3)]

    assert features_of([RUNNING, REPAID, REFUSED, *old])["previous_last_3_annuity_mean"] == 500
