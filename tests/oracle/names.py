"""What the product calls the oracle's features, and in which unit it tells them, table by table.

The kernel counts days from the application backwards, so they are negative; the product tells ages in years. The kernel
takes variances, the product standard deviations. What has no twin here, the product lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Twin:
    """The product's feature that says what one of the oracle's says.

    told: turns the oracle's values into the product's unit.
    """

    name: str
    told: Callable[[pd.Series], pd.Series] = lambda values: values


@dataclass(frozen=True)
class Quantity:
    """What the product calls a column the oracle takes statistics of.

    per: how many of the oracle's units make one of the product's; negative when the product counts the other way, so
    that the least of the one is the greatest of the other.
    """

    name: str
    per: float = 1


def _years(values: pd.Series) -> pd.Series:
    return -values / DAYS_A_YEAR


def _inverse(values: pd.Series) -> pd.Series:
    return 1 / values


def _yes(values: pd.Series) -> pd.Series:
    return values.map({"Y": 1.0, "N": 0.0})


def _without_maternity_leave(values: pd.Series) -> pd.Series:
    return values.replace("Maternity leave", "Working")


_APPLICATION = {
    "DAYS_BIRTH": Twin("age_years", _years),
    "DAYS_EMPLOYED": Twin("employment_years", _years),
    "DAYS_REGISTRATION": Twin("registration_years", _years),
    "DAYS_ID_PUBLISH": Twin("id_years", _years),
    "DAYS_LAST_PHONE_CHANGE": Twin("phone_change_years", _years),
    "FLAG_OWN_CAR": Twin("flag_own_car", _yes),
    "FLAG_OWN_REALTY": Twin("flag_own_realty", _yes),
    # Maternity leave tells the sex: the product reads it as work.
    "NAME_INCOME_TYPE": Twin("name_income_type", _without_maternity_leave),
    "DAYS_EMPLOYED_PERC": Twin("employment_to_age"),
    "INCOME_CREDIT_PERC": Twin("credit_to_income", _inverse),
    "INCOME_PER_PERSON": Twin("income_per_member"),
    "ANNUITY_INCOME_PERC": Twin("annuity_to_income"),
    "PAYMENT_RATE": Twin("credit_to_annuity_months", _inverse),
}

_BUREAU_SCOPES = {"BURO": "bureau", "ACTIVE": "bureau_active", "CLOSED": "bureau_closed"}
_BUREAU = {
    "DAYS_CREDIT": Quantity("opened_years", -DAYS_A_YEAR),
    "DAYS_CREDIT_ENDDATE": Quantity("remaining_years", DAYS_A_YEAR),
    "DAYS_CREDIT_UPDATE": Quantity("updated_days", -1),
    "CREDIT_DAY_OVERDUE": Quantity("overdue_days"),
    "AMT_CREDIT_MAX_OVERDUE": Quantity("worst_overdue"),
    "AMT_CREDIT_SUM": Quantity("credit"),
    "AMT_CREDIT_SUM_DEBT": Quantity("debt"),
    "AMT_CREDIT_SUM_OVERDUE": Quantity("overdue"),
    "AMT_CREDIT_SUM_LIMIT": Quantity("limit"),
    "AMT_ANNUITY": Quantity("annuity"),
    "CNT_CREDIT_PROLONG": Quantity("prolonged"),
    "MONTHS_BALANCE_MIN": Quantity("record_start_months", -1),
    "MONTHS_BALANCE_MAX": Quantity("record_end_months", -1),
    "MONTHS_BALANCE_SIZE": Quantity("record_months"),
    **{f"STATUS_{status}_MEAN": Quantity(f"status_{status.lower()}_share") for status in "CX012345"},
}
_BUREAU_SHARES = {
    "BURO_CREDIT_ACTIVE_Active": "bureau_active",
    "BURO_CREDIT_ACTIVE_Closed": "bureau_closed",
    "BURO_CREDIT_TYPE_Consumer credit": "bureau_consumer",
    "BURO_CREDIT_TYPE_Credit card": "bureau_card",
    "BURO_CREDIT_TYPE_Car loan": "bureau_car",
    "BURO_CREDIT_TYPE_Mortgage": "bureau_mortgage",
    "BURO_CREDIT_TYPE_Microloan": "bureau_microloan",
}

_PREVIOUS_SCOPES = {"PREV": "previous", "APPROVED": "previous_approved", "REFUSED": "previous_refused"}
_PREVIOUS = {
    "APP_CREDIT_PERC": Quantity("asked_to_granted"),
    "AMT_ANNUITY": Quantity("annuity"),
    "AMT_APPLICATION": Quantity("asked"),
    "AMT_CREDIT": Quantity("granted"),
    "AMT_DOWN_PAYMENT": Quantity("down_payment"),
    "AMT_GOODS_PRICE": Quantity("goods_price"),
    "HOUR_APPR_PROCESS_START": Quantity("hour"),
    "RATE_DOWN_PAYMENT": Quantity("down_payment_share"),
    "DAYS_DECISION": Quantity("decided_years", -DAYS_A_YEAR),
    "CNT_PAYMENT": Quantity("term_months"),
}
_PREVIOUS_SHARES = {
    "PREV_NAME_CONTRACT_STATUS_Approved": "previous_approved",
    "PREV_NAME_CONTRACT_STATUS_Refused": "previous_refused",
    "PREV_NAME_CONTRACT_STATUS_Canceled": "previous_canceled",
    "PREV_NAME_CONTRACT_STATUS_Unused offer": "previous_unused",
    "PREV_NAME_CONTRACT_TYPE_Cash loans": "previous_cash",
    "PREV_NAME_CONTRACT_TYPE_Consumer loans": "previous_consumer",
    "PREV_NAME_CONTRACT_TYPE_Revolving loans": "previous_revolving",
    "PREV_NAME_CLIENT_TYPE_New": "previous_new_client",
    "PREV_NAME_CLIENT_TYPE_Repeater": "previous_repeater",
    "PREV_NAME_CLIENT_TYPE_Refreshed": "previous_refreshed",
    "PREV_NAME_PRODUCT_TYPE_x-sell": "previous_x_sell",
    "PREV_NAME_PRODUCT_TYPE_walk-in": "previous_walk_in",
    "PREV_NAME_PORTFOLIO_Cards": "previous_cards",
    "PREV_NAME_PAYMENT_TYPE_Cash through the bank": "previous_bank_paid",
    "PREV_NAME_YIELD_GROUP_low_action": "previous_yield_low_action",
    "PREV_NAME_YIELD_GROUP_low_normal": "previous_yield_low",
    "PREV_NAME_YIELD_GROUP_middle": "previous_yield_middle",
    "PREV_NAME_YIELD_GROUP_high": "previous_yield_high",
    "PREV_CODE_REJECT_REASON_HC": "previous_rejected_policy",
    "PREV_CODE_REJECT_REASON_LIMIT": "previous_rejected_limit",
    "PREV_CODE_REJECT_REASON_SCO": "previous_rejected_score",
    "PREV_CODE_REJECT_REASON_SCOFR": "previous_rejected_fraud_score",
    "PREV_CODE_REJECT_REASON_VERIF": "previous_rejected_check",
    "PREV_CHANNEL_TYPE_Credit and cash offices": "previous_office",
    "PREV_CHANNEL_TYPE_Country-wide": "previous_country_wide",
    "PREV_CHANNEL_TYPE_Stone": "previous_shop",
    "PREV_CHANNEL_TYPE_Regional / Local": "previous_regional",
    "PREV_CHANNEL_TYPE_Contact center": "previous_contact_center",
    "PREV_CHANNEL_TYPE_AP+ (Cash loan)": "previous_agent",
}

# Every level of these is the product's `prefix_level_share`, the level in small letters and digits, whatever the rows.
_LEVELS = {
    "BURO_CREDIT_ACTIVE_": "bureau_state",
    "BURO_CREDIT_CURRENCY_": "bureau_in",
    "BURO_CREDIT_TYPE_": "bureau_type",
    "PREV_NAME_CONTRACT_TYPE_": "previous_contract_type",
    "PREV_WEEKDAY_APPR_PROCESS_START_": "previous_weekday",
    "PREV_NAME_CASH_LOAN_PURPOSE_": "previous_purpose",
    "PREV_NAME_PAYMENT_TYPE_": "previous_payment",
    "PREV_CODE_REJECT_REASON_": "previous_reject_reason",
    "PREV_NAME_TYPE_SUITE_": "previous_suite",
    "PREV_NAME_CLIENT_TYPE_": "previous_client_type",
    "PREV_NAME_GOODS_CATEGORY_": "previous_goods",
    "PREV_NAME_PORTFOLIO_": "previous_portfolio",
    "PREV_NAME_PRODUCT_TYPE_": "previous_product_type",
    "PREV_CHANNEL_TYPE_": "previous_channel",
    "PREV_NAME_SELLER_INDUSTRY_": "previous_seller",
    "PREV_NAME_YIELD_GROUP_": "previous_yield_group",
    "PREV_PRODUCT_COMBINATION_": "previous_product",
}

_POS = {
    "MONTHS_BALANCE": Quantity("age_months", -1),
    "SK_DPD": Quantity("late_days"),
    "SK_DPD_DEF": Quantity("notably_late_days"),
}
_POS_SHARES = {
    "POS_NAME_CONTRACT_STATUS_Active": "pos_active",
    "POS_NAME_CONTRACT_STATUS_Completed": "pos_completed",
    "POS_NAME_CONTRACT_STATUS_Signed": "pos_signed",
    "POS_NAME_CONTRACT_STATUS_Demand": "pos_demand",
    "POS_NAME_CONTRACT_STATUS_Returned to the store": "pos_returned",
    "POS_NAME_CONTRACT_STATUS_Approved": "pos_approved",
    "POS_NAME_CONTRACT_STATUS_Amortized debt": "pos_amortized",
    "POS_NAME_CONTRACT_STATUS_Canceled": "pos_canceled",
    "POS_NAME_CONTRACT_STATUS_XNA": "pos_unknown_status",
}

_INSTALMENTS = {
    "PAYMENT_PERC": Quantity("paid_to_due"),
    "PAYMENT_DIFF": Quantity("shortfall"),
    "DPD": Quantity("late_days"),
    "DBD": Quantity("early_days"),
    "AMT_INSTALMENT": Quantity("due"),
    "AMT_PAYMENT": Quantity("paid"),
    "DAYS_ENTRY_PAYMENT": Quantity("paid_years", -DAYS_A_YEAR),
}

_CARD = {
    "MONTHS_BALANCE": Quantity("age_months", -1),
    "AMT_BALANCE": Quantity("balance"),
    "AMT_CREDIT_LIMIT_ACTUAL": Quantity("limit"),
    "AMT_DRAWINGS_ATM_CURRENT": Quantity("drawn_atm"),
    "AMT_DRAWINGS_CURRENT": Quantity("drawn"),
    "AMT_DRAWINGS_OTHER_CURRENT": Quantity("drawn_other"),
    "AMT_DRAWINGS_POS_CURRENT": Quantity("drawn_pos"),
    "AMT_INST_MIN_REGULARITY": Quantity("minimum"),
    "AMT_PAYMENT_CURRENT": Quantity("paid"),
    "AMT_PAYMENT_TOTAL_CURRENT": Quantity("paid_total"),
    "AMT_RECEIVABLE_PRINCIPAL": Quantity("principal"),
    "AMT_RECIVABLE": Quantity("receivable"),
    "AMT_TOTAL_RECEIVABLE": Quantity("receivable_total"),
    "CNT_DRAWINGS_ATM_CURRENT": Quantity("drawings_atm"),
    "CNT_DRAWINGS_CURRENT": Quantity("drawings"),
    "CNT_DRAWINGS_OTHER_CURRENT": Quantity("drawings_other"),
    "CNT_DRAWINGS_POS_CURRENT": Quantity("drawings_pos"),
    "CNT_INSTALMENT_MATURE_CUM": Quantity("instalments"),
    "SK_DPD": Quantity("late_days"),
    "SK_DPD_DEF": Quantity("notably_late_days"),
}
_CARD_STATUSES = {
    "CC_NAME_CONTRACT_STATUS_Active": "card_active",
    "CC_NAME_CONTRACT_STATUS_Completed": "card_completed",
    "CC_NAME_CONTRACT_STATUS_Signed": "card_signed",
    "CC_NAME_CONTRACT_STATUS_Demand": "card_demand",
    "CC_NAME_CONTRACT_STATUS_Sent proposal": "card_sent_proposal",
    "CC_NAME_CONTRACT_STATUS_Refused": "card_refused",
    "CC_NAME_CONTRACT_STATUS_Approved": "card_approved",
}


def follows(column: str) -> bool:
    """Tell whether a feature of the oracle says nothing beside others.

    Of a 0 or 1, the share tells all but the sum. The product looks at the last application for each contract alone.
    """
    of_contract = column.startswith("PREV_FLAG_LAST_APPL_PER_CONTRACT_")
    return of_contract or (column.startswith(tuple(_CARD_STATUSES)) and column.endswith(("_MIN", "_MAX", "_VAR")))


def twins_of(table: str, columns: Iterable[str]) -> dict[str, Twin]:
    """Return the twin of each of the oracle's features of a table that has one, by the oracle's name."""
    find = _FIND.get(table, _NO_TWINS.get)
    return {column: twin for column in columns if (twin := find(column)) is not None}


def _application_twin(column: str) -> Twin:
    return _APPLICATION.get(column, Twin(column.lower()))


def _family(scopes: Mapping[str, str], quantities: Mapping[str, Quantity]) -> dict[str, Twin]:
    """Return the twins of every statistic of these columns over these scopes."""
    return {
        f"{scope}_{column}_{statistic}": _statistic_twin(prefix, quantity, statistic)
        for scope, prefix in scopes.items()
        for column, quantity in quantities.items()
        for statistic in ("MIN", "MAX", "MEAN", "SUM", "VAR")
    }


def _statistic_twin(prefix: str, quantity: Quantity, statistic: str) -> Twin:
    per = quantity.per
    if statistic == "VAR":
        return Twin(f"{prefix}_{quantity.name}_std", lambda variances: np.sqrt(variances) / abs(per))
    turned = {"MIN": "max", "MAX": "min"} if per < 0 else {}
    return Twin(f"{prefix}_{quantity.name}_{turned.get(statistic, statistic.lower())}", lambda values: values / per)


def _shares(names: Mapping[str, str]) -> dict[str, Twin]:
    return {f"{oracle}_MEAN": Twin(f"{product}_share") for oracle, product in names.items()}


def _level_twin(column: str) -> Twin | None:
    """Return the twin of a level's share."""
    prefix = next((prefix for prefix in _LEVELS if column.startswith(prefix)), None)
    if prefix is None:
        return None
    level = column.removeprefix(prefix).removesuffix("_MEAN")
    word = "missing" if level == "nan" else re.sub("[^a-z0-9]+", "_", level.lower()).strip("_")
    return Twin(f"{_LEVELS[prefix]}_{word}_share")


def _or_level(twins: Mapping[str, Twin]) -> Callable[[str], Twin | None]:
    return lambda column: twins.get(column) or _level_twin(column)


def _counts(names: Mapping[str, str]) -> dict[str, Twin]:
    """Return the twins of counts: the product says 0 of a client without rows, the oracle nothing."""
    return {oracle: Twin(f"{product}_count", lambda values: values.fillna(0)) for oracle, product in names.items()}


_NO_TWINS: Mapping[str, Twin] = {}
_FIND: Mapping[str, Callable[[str], Twin | None]] = {
    "application": _application_twin,
    "bureau": _or_level(_family(_BUREAU_SCOPES, _BUREAU) | _shares(_BUREAU_SHARES)),
    "previous_application": _or_level(_family(_PREVIOUS_SCOPES, _PREVIOUS) | _shares(_PREVIOUS_SHARES)),
    "pos_cash_balance": (
        _family({"POS": "pos"}, _POS)
        | _shares(_POS_SHARES)
        | _counts({"POS_COUNT": "pos", "POS_MONTHS_BALANCE_SIZE": "pos"})
    ).get,
    "installments_payments": (
        _family({"INSTAL": "instalments"}, _INSTALMENTS)
        | _counts({"INSTAL_COUNT": "instalments"})
        | {"INSTAL_NUM_INSTALMENT_VERSION_NUNIQUE": Twin("instalments_versions_count")}
    ).get,
    "credit_card_balance": (
        _family({"CC": "card"}, _CARD)
        | _shares(_CARD_STATUSES)
        | _counts({"CC_COUNT": "card"})
        | _counts({f"{oracle}_SUM": product for oracle, product in _CARD_STATUSES.items()})
    ).get,
}
