"""The seven tables a lender's credit history comes in: names, columns, kinds, keys and how they hang together.

Column names are the published ones in lower case; `Column.source` gives the published spelling back.
Every reader, the importer, the snapshot and the features use this one description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import polars as pl


class Kind(StrEnum):
    """What a column holds, and so how it is stored and read."""

    KEY = "k"  # an identifier, never missing
    INTEGER = "i"  # days, months, counts
    REAL = "r"  # amounts, rates, normalised scores
    FLAG = "f"  # 0 or 1
    CATEGORY = "c"  # a word from a short list


POLARS_TYPE: Mapping[Kind, type[pl.DataType]] = {
    Kind.KEY: pl.Int64,
    Kind.INTEGER: pl.Int32,
    Kind.REAL: pl.Float64,
    Kind.FLAG: pl.Int8,
    Kind.CATEGORY: pl.String,
}


@dataclass(frozen=True)
class Column:
    """One column: its name in lower case and what it holds."""

    name: str
    kind: Kind

    @property
    def source(self) -> str:
        """Give the name as published, in capitals."""
        return self.name.upper()


@dataclass(frozen=True)
class TableSpec:
    """One table.

    name: what the database, the snapshot and the features call it.
    files: the published file names, without ending; the application comes in two, labelled and not.
    unique: columns that together name a row once; empty where the published rows repeat.
    parent: the table whose key each row hangs on, by `parent_key`; None for the application itself.
    """

    name: str
    files: tuple[str, ...]
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    parent: str | None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Give the column names in published order."""
        return tuple(column.name for column in self.columns)

    @property
    def parent_key(self) -> str | None:
        """Give the column that names the parent's row: the client's, or for monthly bureau rows the credit's."""
        if self.parent is None:
            return None
        return "sk_id_bureau" if self.parent == "bureau" else "sk_id_curr"

    @property
    def order(self) -> tuple[str, ...]:
        """Give the columns a snapshot's rows are sorted by: the owner, then what names a row, or all if they repeat."""
        owner = () if self.parent_key is None else (self.parent_key,)
        return tuple(dict.fromkeys([*owner, *(self.unique or self.column_names)]))

    @property
    def rows_a_group(self) -> int:
        """Give how many rows of a snapshot's file are read or skipped together: few, so that few are read in vain.

        Applications stand in the groups in which their features are built.
        """
        return 10_000 if self.parent is None else 32_768

    def is_conform(self, schema: pl.Schema) -> bool:
        """Tell whether a frame has these columns in this order with these types; words may come as their codes."""
        kinds = (kind.base_type() for kind in schema.values())
        came = zip(schema, (pl.String if kind is pl.Categorical else kind for kind in kinds), strict=True)
        return [*came] == [*self.schema.items()]

    @cached_property
    def schema(self) -> dict[str, type[pl.DataType]]:
        """Give the Polars type of each column."""
        return {column.name: POLARS_TYPE[column.kind] for column in self.columns}


def _columns(text: str) -> tuple[Column, ...]:
    pairs = (word.split(":") for word in text.split())
    return tuple(Column(name, Kind(kind)) for name, kind in pairs)


APPLICATION = TableSpec(
    name="application",
    files=("application_train", "application_test"),
    unique=("sk_id_curr",),
    parent=None,
    columns=_columns("""
        sk_id_curr:k target:f name_contract_type:c code_gender:c flag_own_car:c flag_own_realty:c cnt_children:i
        amt_income_total:r amt_credit:r amt_annuity:r amt_goods_price:r name_type_suite:c name_income_type:c
        name_education_type:c name_family_status:c name_housing_type:c region_population_relative:r days_birth:i
        days_employed:i days_registration:i days_id_publish:i own_car_age:i flag_mobil:f flag_emp_phone:f
        flag_work_phone:f flag_cont_mobile:f flag_phone:f flag_email:f occupation_type:c cnt_fam_members:i
        region_rating_client:i region_rating_client_w_city:i weekday_appr_process_start:c
        hour_appr_process_start:i reg_region_not_live_region:f reg_region_not_work_region:f
        live_region_not_work_region:f reg_city_not_live_city:f reg_city_not_work_city:f
        live_city_not_work_city:f organization_type:c ext_source_1:r ext_source_2:r ext_source_3:r
        apartments_avg:r basementarea_avg:r years_beginexpluatation_avg:r years_build_avg:r commonarea_avg:r
        elevators_avg:r entrances_avg:r floorsmax_avg:r floorsmin_avg:r landarea_avg:r livingapartments_avg:r
        livingarea_avg:r nonlivingapartments_avg:r nonlivingarea_avg:r apartments_mode:r basementarea_mode:r
        years_beginexpluatation_mode:r years_build_mode:r commonarea_mode:r elevators_mode:r entrances_mode:r
        floorsmax_mode:r floorsmin_mode:r landarea_mode:r livingapartments_mode:r livingarea_mode:r
        nonlivingapartments_mode:r nonlivingarea_mode:r apartments_medi:r basementarea_medi:r
        years_beginexpluatation_medi:r years_build_medi:r commonarea_medi:r elevators_medi:r entrances_medi:r
        floorsmax_medi:r floorsmin_medi:r landarea_medi:r livingapartments_medi:r livingarea_medi:r
        nonlivingapartments_medi:r nonlivingarea_medi:r fondkapremont_mode:c housetype_mode:c totalarea_mode:r
        wallsmaterial_mode:c emergencystate_mode:c obs_30_cnt_social_circle:i def_30_cnt_social_circle:i
        obs_60_cnt_social_circle:i def_60_cnt_social_circle:i days_last_phone_change:i flag_document_2:f
        flag_document_3:f flag_document_4:f flag_document_5:f flag_document_6:f flag_document_7:f
        flag_document_8:f flag_document_9:f flag_document_10:f flag_document_11:f flag_document_12:f
        flag_document_13:f flag_document_14:f flag_document_15:f flag_document_16:f flag_document_17:f
        flag_document_18:f flag_document_19:f flag_document_20:f flag_document_21:f amt_req_credit_bureau_hour:i
        amt_req_credit_bureau_day:i amt_req_credit_bureau_week:i amt_req_credit_bureau_mon:i
        amt_req_credit_bureau_qrt:i amt_req_credit_bureau_year:i
    """),
)

BUREAU = TableSpec(
    name="bureau",
    files=("bureau",),
    unique=("sk_id_bureau",),
    parent="application",
    columns=_columns("""
        sk_id_curr:k sk_id_bureau:k credit_active:c credit_currency:c days_credit:i credit_day_overdue:i
        days_credit_enddate:i days_enddate_fact:i amt_credit_max_overdue:r cnt_credit_prolong:i amt_credit_sum:r
        amt_credit_sum_debt:r amt_credit_sum_limit:r amt_credit_sum_overdue:r credit_type:c days_credit_update:i
        amt_annuity:r
    """),
)

BUREAU_BALANCE = TableSpec(
    name="bureau_balance",
    files=("bureau_balance",),
    unique=("sk_id_bureau", "months_balance"),
    parent="bureau",
    columns=_columns("""
        sk_id_bureau:k months_balance:i status:c
    """),
)

PREVIOUS_APPLICATION = TableSpec(
    name="previous_application",
    files=("previous_application",),
    unique=("sk_id_prev",),
    parent="application",
    columns=_columns("""
        sk_id_prev:k sk_id_curr:k name_contract_type:c amt_annuity:r amt_application:r amt_credit:r
        amt_down_payment:r amt_goods_price:r weekday_appr_process_start:c hour_appr_process_start:i
        flag_last_appl_per_contract:c nflag_last_appl_in_day:f rate_down_payment:r rate_interest_primary:r
        rate_interest_privileged:r name_cash_loan_purpose:c name_contract_status:c days_decision:i
        name_payment_type:c code_reject_reason:c name_type_suite:c name_client_type:c name_goods_category:c
        name_portfolio:c name_product_type:c channel_type:c sellerplace_area:i name_seller_industry:c
        cnt_payment:i name_yield_group:c product_combination:c days_first_drawing:i days_first_due:i
        days_last_due_1st_version:i days_last_due:i days_termination:i nflag_insured_on_approval:f
    """),
)

POS_CASH_BALANCE = TableSpec(
    name="pos_cash_balance",
    files=("POS_CASH_balance",),
    unique=(),
    parent="application",
    columns=_columns("""
        sk_id_prev:k sk_id_curr:k months_balance:i cnt_instalment:i cnt_instalment_future:i
        name_contract_status:c sk_dpd:i sk_dpd_def:i
    """),
)

INSTALLMENTS_PAYMENTS = TableSpec(
    name="installments_payments",
    files=("installments_payments",),
    unique=(),
    parent="application",
    columns=_columns("""
        sk_id_prev:k sk_id_curr:k num_instalment_version:i num_instalment_number:i days_instalment:i
        days_entry_payment:i amt_instalment:r amt_payment:r
    """),
)

CREDIT_CARD_BALANCE = TableSpec(
    name="credit_card_balance",
    files=("credit_card_balance",),
    unique=("sk_id_prev", "months_balance"),
    parent="application",
    columns=_columns("""
        sk_id_prev:k sk_id_curr:k months_balance:i amt_balance:r amt_credit_limit_actual:r
        amt_drawings_atm_current:r amt_drawings_current:r amt_drawings_other_current:r
        amt_drawings_pos_current:r amt_inst_min_regularity:r amt_payment_current:r amt_payment_total_current:r
        amt_receivable_principal:r amt_recivable:r amt_total_receivable:r cnt_drawings_atm_current:i
        cnt_drawings_current:i cnt_drawings_other_current:i cnt_drawings_pos_current:i
        cnt_instalment_mature_cum:i name_contract_status:c sk_dpd:i sk_dpd_def:i
    """),
)

TABLES: Mapping[str, TableSpec] = {
    spec.name: spec
    for spec in (
        APPLICATION,
        BUREAU,
        BUREAU_BALANCE,
        PREVIOUS_APPLICATION,
        POS_CASH_BALANCE,
        INSTALLMENTS_PAYMENTS,
        CREDIT_CARD_BALANCE,
    )
}
