"""What is owed to other lenders, against the income and the loan asked for."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import ratio
from modelling.features.bureau_rows import HISTORY
from modelling.features.feature import Feature, Unit, describe

_INCOME = pl.col("amt_income_total")
_DEBT = HISTORY.total("amt_credit_sum_debt", "active")
_ANNUITY = HISTORY.total("amt_annuity", "active")

FEATURES: tuple[Feature, ...] = (
    describe(
        "bureau_active_debt_to_income",
        Unit.RATIO,
        ("Dette ailleurs rapportée au revenu", "Debt elsewhere against income"),
        (
            "Ce que le client doit encore à d'autres prêteurs, en nombre de revenus.",
            "What the client still owes to other lenders, in so many times the income.",
        ),
        ratio(_DEBT, _INCOME),
        source=HISTORY.table,
        formula="sum of debt over active rows / amt_income_total",
        within=(-10, 200),
    ),
    describe(
        "bureau_active_annuity_to_income",
        Unit.SHARE,
        ("Part des mensualités ailleurs dans le revenu", "Instalments elsewhere as a share of income"),
        (
            "La part du revenu que prennent les mensualités dues à d'autres prêteurs.",
            "The share of income that instalments to other lenders take.",
        ),
        ratio(_ANNUITY, _INCOME),
        source=HISTORY.table,
        formula="sum of amt_annuity over active rows / amt_income_total",
        within=(0, 10),
    ),
    describe(
        "bureau_annuities_to_income",
        Unit.SHARE,
        ("Part de toutes les mensualités dans le revenu", "All instalments as a share of income"),
        (
            "La part du revenu que prendraient la mensualité demandée et celles dues ailleurs.",
            "The share of income the instalment asked for and those due elsewhere would take together.",
        ),
        ratio(pl.col("amt_annuity") + _ANNUITY.fill_null(0), _INCOME),
        source=HISTORY.table,
        formula="(amt_annuity + sum of amt_annuity over active rows) / amt_income_total",
        within=(0, 10),
    ),
    describe(
        "bureau_debt_with_credit_to_income",
        Unit.RATIO,
        ("Dette totale rapportée au revenu", "Total debt against income"),
        (
            "Le crédit demandé et les dettes ailleurs, en nombre de revenus.",
            "The loan asked for and the debts elsewhere, in so many times the income.",
        ),
        ratio(pl.col("amt_credit") + _DEBT.fill_null(0), _INCOME),
        source=HISTORY.table,
        formula="(amt_credit + sum of debt over active rows) / amt_income_total",
        within=(-10, 300),
    ),
    describe(
        "bureau_active_debt_to_asked_credit",
        Unit.RATIO,
        ("Dette ailleurs rapportée au crédit demandé", "Debt elsewhere against the loan asked for"),
        (
            "Ce que le client doit ailleurs, rapporté au crédit demandé.",
            "What the client owes elsewhere against the loan asked for.",
        ),
        ratio(_DEBT, pl.col("amt_credit")),
        source=HISTORY.table,
        formula="sum of debt over active rows / amt_credit",
        within=(-10, 500),
    ),
)
