"""The loan asked for: its columns, and its shape against the income and the goods it pays for."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import ratio
from modelling.features.feature import Feature, Unit, describe, fact

_CREDIT, _ANNUITY, _GOODS = pl.col("amt_credit"), pl.col("amt_annuity"), pl.col("amt_goods_price")
_INCOME, _MEMBERS = pl.col("amt_income_total"), pl.col("cnt_fam_members")

_ASKED = (
    fact(
        "name_contract_type",
        Unit.CATEGORY,
        ("Type de crédit", "Type of loan"),
        ("Le type de crédit demandé.", "The type of loan asked for."),
    ),
    fact(
        "amt_credit",
        Unit.EUROS,
        ("Montant du crédit", "Loan amount"),
        ("Le montant du crédit demandé.", "The amount of the loan asked for."),
        within=(0, 1e7),
    ),
    fact(
        "amt_annuity",
        Unit.EUROS,
        ("Mensualité", "Monthly instalment"),
        ("La mensualité du crédit demandé.", "The monthly instalment of the loan asked for."),
        within=(0, 1e6),
    ),
    fact(
        "amt_goods_price",
        Unit.EUROS,
        ("Prix du bien financé", "Price of the goods"),
        ("Le prix du bien que le crédit doit financer.", "The price of the goods the loan is to pay for."),
        within=(0, 1e7),
    ),
    fact(
        "weekday_appr_process_start",
        Unit.CATEGORY,
        ("Jour de la demande", "Day of the application"),
        ("Le jour de la semaine où la demande a été faite.", "The day of the week the application was made."),
    ),
    fact(
        "hour_appr_process_start",
        Unit.HOUR,
        ("Heure de la demande", "Hour of the application"),
        ("L'heure à laquelle la demande a été faite.", "The hour the application was made."),
        within=(0, 23),
    ),
)

_SHAPE = (
    describe(
        "credit_to_annuity_months",
        Unit.MONTHS,
        ("Durée du crédit hors intérêts", "Loan length without interest"),
        (
            "Le nombre de mensualités qu'il faudrait pour rendre le montant du crédit, sans les intérêts.",
            "How many instalments would pay back the loan amount, without interest.",
        ),
        ratio(_CREDIT, _ANNUITY),
        formula="amt_credit / amt_annuity",
        within=(0, 120),
    ),
    describe(
        "credit_to_income",
        Unit.RATIO,
        ("Crédit rapporté au revenu", "Loan against income"),
        ("Le montant du crédit, en nombre de revenus.", "The loan amount, in so many times the income."),
        ratio(_CREDIT, _INCOME),
        formula="amt_credit / amt_income_total",
        within=(0, 100),
    ),
    describe(
        "annuity_to_income",
        Unit.SHARE,
        ("Part de la mensualité dans le revenu", "Instalment's share of income"),
        ("La part du revenu que prendrait la mensualité.", "The share of income the instalment would take."),
        ratio(_ANNUITY, _INCOME),
        formula="amt_annuity / amt_income_total",
        within=(0, 2),
    ),
    describe(
        "income_after_annuity",
        Unit.EUROS,
        ("Revenu après mensualité", "Income after the instalment"),
        (
            "Ce qui resterait du revenu une fois la mensualité payée.",
            "What would be left of the income once the instalment is paid.",
        ),
        _INCOME - _ANNUITY,
        formula="amt_income_total - amt_annuity",
        within=(-1e6, 1e8),
    ),
    describe(
        "credit_to_goods_price",
        Unit.RATIO,
        ("Crédit rapporté au prix du bien", "Loan against goods price"),
        (
            "Le montant du crédit rapporté au prix du bien financé.",
            "The loan amount against the price of the goods it pays for.",
        ),
        ratio(_CREDIT, _GOODS),
        formula="amt_credit / amt_goods_price",
        within=(0, 6),
    ),
    describe(
        "credit_minus_goods_price",
        Unit.EUROS,
        ("Crédit au-delà du prix du bien", "Loan beyond the goods price"),
        ("Ce que le client emprunte en plus du prix du bien.", "What the client borrows beyond the goods price."),
        _CREDIT - _GOODS,
        formula="amt_credit - amt_goods_price",
        within=(-1e6, 1e6),
    ),
    describe(
        "goods_price_to_income",
        Unit.RATIO,
        ("Prix du bien rapporté au revenu", "Goods price against income"),
        ("Le prix du bien financé, en nombre de revenus.", "The goods price, in so many times the income."),
        ratio(_GOODS, _INCOME),
        formula="amt_goods_price / amt_income_total",
        within=(0, 100),
    ),
    describe(
        "income_per_member",
        Unit.EUROS,
        ("Revenu par personne du foyer", "Income per household member"),
        (
            "Le revenu du client divisé par le nombre de personnes du foyer.",
            "The client's income divided by the number of people in the household.",
        ),
        ratio(_INCOME, _MEMBERS),
        formula="amt_income_total / cnt_fam_members",
        within=(0, 1e8),
    ),
    describe(
        "income_after_annuity_per_member",
        Unit.EUROS,
        ("Revenu après mensualité par personne", "Income after the instalment per person"),
        (
            "Ce qui resterait à chaque personne du foyer une fois la mensualité payée.",
            "What would be left to each household member once the instalment is paid.",
        ),
        ratio(_INCOME - _ANNUITY, _MEMBERS),
        formula="(amt_income_total - amt_annuity) / cnt_fam_members",
        within=(-1e6, 1e8),
    ),
    describe(
        "children_share",
        Unit.SHARE,
        ("Part des enfants dans le foyer", "Children's share of the household"),
        ("La part des enfants parmi les personnes du foyer.", "The share of children in the household."),
        ratio(pl.col("cnt_children"), _MEMBERS),
        formula="cnt_children / cnt_fam_members",
        within=(0, 1),
    ),
)

FEATURES: tuple[Feature, ...] = (*_ASKED, *_SHAPE)
