"""Features of the application, on one application whose answers are easy to work out by hand."""

from __future__ import annotations

import polars as pl
import pytest

from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables

Value = float | str | None


def feature_of(name: str, **columns: Value) -> Value:
    """Give one feature of an application where only these columns are known."""
    schema = TABLES["application"].schema
    row = {**dict.fromkeys(schema, None), "sk_id_curr": 100_001, **columns}
    tables = Tables.of({"application": pl.DataFrame([row], schema=schema)})
    value: Value = build_features(tables)[name].item()
    return value


@pytest.mark.parametrize(
    ("name", "columns", "expected"),
    [
        ("credit_to_annuity_months", {"amt_credit": 240_000, "amt_annuity": 12_000}, 20),
        ("credit_to_income", {"amt_credit": 240_000, "amt_income_total": 120_000}, 2),
        ("annuity_to_income", {"amt_annuity": 12_000, "amt_income_total": 120_000}, 0.1),
        ("income_after_annuity", {"amt_annuity": 12_000, "amt_income_total": 120_000}, 108_000),
        ("credit_to_goods_price", {"amt_credit": 110, "amt_goods_price": 100}, 1.1),
        ("credit_minus_goods_price", {"amt_credit": 110, "amt_goods_price": 100}, 10),
        ("income_per_member", {"amt_income_total": 120_000, "cnt_fam_members": 4}, 30_000),
        ("children_share", {"cnt_children": 2, "cnt_fam_members": 4}, 0.5),
        ("age_years", {"days_birth": -14_610}, 40),
        ("employment_years", {"days_employed": -1461}, 4),
        ("age_when_hired_years", {"days_birth": -14_610, "days_employed": -1461}, 36),
        ("employment_to_age", {"days_birth": -14_610, "days_employed": -1461}, 0.1),
        ("age_at_payoff_years", {"days_birth": -14_610, "amt_credit": 240_000, "amt_annuity": 10_000}, 42),
        ("car_age_to_age", {"own_car_age": 10, "days_birth": -14_610}, 0.25),
        ("documents_count", {"flag_document_3": 1, "flag_document_8": 1, "flag_document_9": 0}, 2),
        ("ext_source_mean", {"ext_source_1": 0.2, "ext_source_3": 0.6}, 0.4),
        ("ext_source_weighted_mean", {"ext_source_1": 0.3, "ext_source_2": 0.6, "ext_source_3": 0.2}, 0.3),
        ("ext_source_weighted_mean", {"ext_source_2": 0.5, "ext_source_3": 0.1}, 0.2),
        ("ext_source_min", {"ext_source_2": 0.5, "ext_source_3": 0.1}, 0.1),
        ("ext_source_max", {"ext_source_2": 0.5, "ext_source_3": 0.1}, 0.5),
        ("ext_source_std", {"ext_source_1": 0.2, "ext_source_2": 0.4, "ext_source_3": 0.6}, 0.2),
        ("ext_source_product", {"ext_source_1": 0.5, "ext_source_2": 0.5, "ext_source_3": 0.4}, 0.1),
        ("ext_source_1_times_3", {"ext_source_1": 0.5, "ext_source_3": 0.4}, 0.2),
        ("ext_source_missing_count", {"ext_source_1": 0.5}, 2),
        ("flag_own_car", {"flag_own_car": "Y"}, 1),
        ("flag_own_car", {"flag_own_car": "N"}, 0),
        ("housing_missing_count", {"apartments_avg": 0.1, "emergencystate_mode": "No"}, 45),
    ],
)
def test_a_formula_gives_the_value_worked_out_by_hand(name: str, columns: dict[str, Value], expected: float) -> None:
    assert feature_of(name, **columns) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("credit_to_annuity_months", {"amt_credit": 240_000, "amt_annuity": 0}),
        ("credit_to_income", {"amt_credit": 240_000}),
        ("ext_source_mean", {}),
        ("ext_source_std", {"ext_source_1": 0.4}),
        ("ext_source_product", {"ext_source_1": 0.4, "ext_source_2": 0.4}),
        ("flag_own_car", {"flag_own_car": "XNA"}),
        ("employment_years", {"days_employed": 365_243}),
        ("employment_to_age", {"days_employed": 365_243, "days_birth": -14_610}),
        ("enquiries_count", {"amt_req_credit_bureau_year": 3}),
    ],
)
def test_what_cannot_be_known_is_missing(name: str, columns: dict[str, Value]) -> None:
    assert feature_of(name, **columns) is None


def test_365243_days_of_employment_mean_not_employed() -> None:
    assert feature_of("is_not_employed", days_employed=365_243) == 1
    assert feature_of("is_not_employed", days_employed=-100) == 0


def test_maternity_leave_reads_as_work() -> None:
    assert feature_of("name_income_type", name_income_type="Maternity leave") == "Working"
    assert feature_of("name_income_type", name_income_type="Pensioner") == "Pensioner"


def test_barred_columns_are_built_for_the_fairness_report() -> None:
    assert feature_of("code_gender", code_gender="F") == "F"
    assert feature_of("def_30_cnt_social_circle", def_30_cnt_social_circle=2) == 2
