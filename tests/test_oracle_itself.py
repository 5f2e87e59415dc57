"""The oracle's own numbers against numbers worked out by hand, one trap of the tables a test."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests import oracle
from tests.oracle.application import application_features
from tests.oracle.bureau import bureau_features
from tests.oracle.credit_card import credit_card_features
from tests.oracle.instalments import instalments_features
from tests.oracle.pos_cash import pos_cash_features
from tests.oracle.previous_application import CATEGORIES, STATISTICS, previous_application_features

CLIENT = 100_001
ORACLE_FILES = sorted(Path(oracle.__path__[0]).glob("*.py"))


def credits_elsewhere(**columns: Sequence[object]) -> pd.DataFrame:
    """Return credits of one client, without balances; what is not told of them is 0."""
    numbers = """DAYS_CREDIT CREDIT_DAY_OVERDUE DAYS_CREDIT_ENDDATE DAYS_ENDDATE_FACT AMT_CREDIT_MAX_OVERDUE AMT_ANNUITY
        CNT_CREDIT_PROLONG AMT_CREDIT_SUM AMT_CREDIT_SUM_DEBT AMT_CREDIT_SUM_LIMIT AMT_CREDIT_SUM_OVERDUE
        DAYS_CREDIT_UPDATE"""
    words = {"CREDIT_ACTIVE": "Active", "CREDIT_CURRENCY": "currency 1", "CREDIT_TYPE": "Mortgage"}
    rows = pd.DataFrame(columns)
    return rows.assign(
        SK_ID_CURR=CLIENT,
        SK_ID_BUREAU=range(1, len(rows) + 1),
        **{name: 0.0 for name in numbers.split() if name not in columns},
        **{name: word for name, word in words.items() if name not in columns},
    )


def months(*rows: tuple[int, int, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["SK_ID_BUREAU", "MONTHS_BALANCE", "STATUS"])


def earlier_applications(**columns: Sequence[object]) -> pd.DataFrame:
    rows = pd.DataFrame(columns)
    numbers = {name: 1.0 for name in [*STATISTICS, "AMT_CREDIT"] if name not in columns}
    words = {name: "XNA" for name in CATEGORIES if name not in columns}
    return rows.assign(SK_ID_CURR=CLIENT, **numbers, **words)


def instalments(*rows: tuple[float, float, float, float]) -> pd.DataFrame:
    columns = ["DAYS_INSTALMENT", "DAYS_ENTRY_PAYMENT", "AMT_INSTALMENT", "AMT_PAYMENT"]
    return pd.DataFrame(rows, columns=columns).assign(SK_ID_CURR=CLIENT, NUM_INSTALMENT_VERSION=1)


@pytest.mark.parametrize("path", ORACLE_FILES, ids=lambda path: path.stem)
def test_the_oracle_imports_nothing_of_the_product(path: Path) -> None:
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]

    modules = {getattr(node, "module", None) or node.names[0].name for node in imports}
    others = {module for module in modules if not module.startswith("tests.oracle")}
    assert others <= {"__future__", "collections.abc", "dataclasses", "numpy", "pandas", "pathlib", "re"}


def test_days_employed_of_365243_are_missing_and_so_are_ratios_over_zero() -> None:
    facts = {"AMT_INCOME_TOTAL": 0.0, "AMT_CREDIT": 1000.0, "AMT_ANNUITY": 50.0, "CNT_FAM_MEMBERS": 2.0, "TARGET": 1}
    application = pd.DataFrame([{"SK_ID_CURR": CLIENT, "DAYS_BIRTH": -9000, "DAYS_EMPLOYED": 365243, **facts}])

    row = application_features(application).loc[CLIENT]

    assert row[["DAYS_EMPLOYED", "DAYS_EMPLOYED_PERC", "ANNUITY_INCOME_PERC"]].isna().all()
    assert row["PAYMENT_RATE"] == 0.05
    assert "TARGET" not in row


def test_a_bureau_date_before_40000_days_is_missing() -> None:
    row = bureau_features(credits_elsewhere(DAYS_CREDIT_ENDDATE=[-42_023, -40_000, 100]), months()).loc[CLIENT]

    assert row["BURO_DAYS_CREDIT_ENDDATE_MIN"] == -40_000
    assert row["BURO_DAYS_CREDIT_ENDDATE_MEAN"] == -19_950


def test_a_sum_over_no_known_value_and_a_variance_of_one_are_missing() -> None:
    credits_ = credits_elsewhere(AMT_CREDIT_SUM_DEBT=[None, 8.0], CREDIT_ACTIVE=["Active", "Closed"])

    row = bureau_features(credits_, months()).loc[CLIENT]

    assert np.isnan(row["ACTIVE_AMT_CREDIT_SUM_DEBT_SUM"])
    assert row["CLOSED_AMT_CREDIT_SUM_DEBT_SUM"] == 8
    assert np.isnan(row["CLOSED_DAYS_CREDIT_VAR"])
    assert row["BURO_DAYS_CREDIT_VAR"] == 0


def test_a_client_without_closed_credits_has_nothing_said_of_them() -> None:
    credits_ = credits_elsewhere(CREDIT_ACTIVE=["Active", "Closed"]).assign(SK_ID_CURR=[CLIENT, CLIENT + 1])

    row = bureau_features(credits_, months()).loc[CLIENT]

    assert row.filter(like="CLOSED_").isna().all()


def test_a_status_counts_by_its_share_of_each_credits_months() -> None:
    balances = months((1, -3, "C"), (1, -2, "0"), (1, -1, "0"), (1, 0, "0"), (2, -1, "C"), (9, -1, "5"))

    row = bureau_features(credits_elsewhere(DAYS_CREDIT=[-9, -8, -7]), balances).loc[CLIENT]

    assert row["BURO_STATUS_C_MEAN_MEAN"] == (1 / 4 + 1) / 2
    assert row["BURO_MONTHS_BALANCE_MIN_MIN"] == -3
    assert row["BURO_MONTHS_BALANCE_MAX_MAX"] == 0
    assert row["BURO_MONTHS_BALANCE_SIZE_SUM"] == 5
    assert row["BURO_MONTHS_BALANCE_SIZE_MEAN"] == 2.5


def test_a_missing_category_has_its_own_share_beside_xna() -> None:
    suites = [None, "XNA", "Family", "Family"]

    row = previous_application_features(earlier_applications(NAME_TYPE_SUITE=suites)).loc[CLIENT]

    shares = {level: row[f"PREV_NAME_TYPE_SUITE_{level}_MEAN"] for level in ("nan", "XNA", "Family")}
    assert shares == {"nan": 0.25, "XNA": 0.25, "Family": 0.5}


def test_asked_over_granted_is_missing_where_nothing_was_granted() -> None:
    rows = earlier_applications(AMT_APPLICATION=[100.0, 90.0], AMT_CREDIT=[0.0, 100.0])

    row = previous_application_features(rows).loc[CLIENT]

    assert row["PREV_APP_CREDIT_PERC_MAX"] == 0.9
    assert np.isnan(row["PREV_APP_CREDIT_PERC_VAR"])


def test_approved_and_refused_applications_are_taken_apart() -> None:
    outcomes = ["Approved", "Refused", "Refused", "Canceled"]
    rows = earlier_applications(NAME_CONTRACT_STATUS=outcomes, AMT_CREDIT=[10.0, 20.0, 40.0, 90.0])

    row = previous_application_features(rows).loc[CLIENT]

    assert (row["PREV_AMT_CREDIT_MEAN"], row["APPROVED_AMT_CREDIT_MEAN"], row["REFUSED_AMT_CREDIT_MEAN"]) == (
        40,
        10,
        30,
    )


def test_several_pos_rows_of_one_month_all_count() -> None:
    rows = pd.DataFrame({"SK_ID_CURR": CLIENT, "MONTHS_BALANCE": [-1, -1, -4], "SK_DPD": [0, 3, 0], "SK_DPD_DEF": 0})

    row = pos_cash_features(rows.assign(NAME_CONTRACT_STATUS=["Active", "Completed", "Active"])).loc[CLIENT]

    assert (row["POS_COUNT"], row["POS_MONTHS_BALANCE_SIZE"], row["POS_MONTHS_BALANCE_MEAN"]) == (3, 3, -2)
    assert (row["POS_SK_DPD_MAX"], row["POS_SK_DPD_MEAN"]) == (3, 1)
    assert row["POS_NAME_CONTRACT_STATUS_Active_MEAN"] == 2 / 3


def test_an_instalment_of_zero_has_no_ratio_and_an_early_day_is_no_late_one() -> None:
    rows = instalments((-30, -25, 100.0, 50.0), (-60, -67, 0.0, 10.0))

    row = instalments_features(rows).loc[CLIENT]

    assert (row["INSTAL_PAYMENT_PERC_MAX"], row["INSTAL_PAYMENT_PERC_SUM"]) == (0.5, 0.5)
    assert (row["INSTAL_PAYMENT_DIFF_SUM"], row["INSTAL_PAYMENT_DIFF_VAR"]) == (40, 1800)
    assert (row["INSTAL_DPD_SUM"], row["INSTAL_DPD_MEAN"]) == (5, 2.5)
    assert (row["INSTAL_DBD_SUM"], row["INSTAL_DBD_MAX"]) == (7, 7)


def test_an_instalment_not_paid_yet_has_no_delay() -> None:
    row = instalments_features(instalments((-30, np.nan, 100.0, np.nan), (-60, -50, 100.0, 100.0))).loc[CLIENT]

    assert (row["INSTAL_DPD_MEAN"], row["INSTAL_COUNT"]) == (10, 2)


def test_a_card_has_every_statistic_of_every_column() -> None:
    card = pd.DataFrame(
        {"SK_ID_CURR": CLIENT, "SK_ID_PREV": 7, "AMT_BALANCE": [1.0, 3.0], "CNT_DRAWINGS": [None, None]}
    )

    row = credit_card_features(card.assign(NAME_CONTRACT_STATUS=["Active", None])).loc[CLIENT]

    balance = row[[f"CC_AMT_BALANCE_{statistic}" for statistic in ("MIN", "MAX", "MEAN", "SUM", "VAR")]]
    assert balance.tolist() == [1, 3, 2, 4, 2]
    assert row.filter(like="CC_CNT_DRAWINGS").isna().all()
    assert row["CC_NAME_CONTRACT_STATUS_nan_MEAN"] == 0.5
    assert row["CC_COUNT"] == 2
