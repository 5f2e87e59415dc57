"""What the bureau's credits say together: how much is owed, how recent they are, how often late."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import ratio
from modelling.features.bureau_rows import HISTORY, TYPES
from modelling.features.feature import Feature, Unit, describe

_DEBT = HISTORY.total("amt_credit_sum_debt", "active")
_CREDIT = HISTORY.total("amt_credit_sum", "active")


_INDEBTED = (
    describe(
        "bureau_active_debt_to_credit",
        Unit.SHARE,
        ("Part restant à rembourser ailleurs", "Share still owed elsewhere"),
        (
            "La part que le client doit encore sur ses crédits en cours chez d'autres prêteurs.",
            "The share the client still owes on running loans with other lenders.",
        ),
        ratio(_DEBT, _CREDIT),
        source=HISTORY.table,
        formula="sum of debt / sum of credit over active rows",
        within=(-2, 5),
    ),
    describe(
        "bureau_active_debt_to_credit_mean",
        Unit.SHARE,
        ("Part restante moyenne par crédit ailleurs", "Mean share owed per loan elsewhere"),
        (
            "En moyenne, la part restant due sur chaque crédit en cours chez d'autres prêteurs.",
            "On average, the share still owed on each running loan with other lenders.",
        ),
        HISTORY.mean("debt_to_credit", "active"),
        source=HISTORY.table,
        formula="mean of debt / credit over active rows",
        within=(-2, 5),
    ),
    describe(
        "bureau_newest_debt_to_credit",
        Unit.SHARE,
        ("Part restante du dernier crédit ailleurs", "Share owed on the newest loan elsewhere"),
        (
            "La part restant due sur le crédit le plus récent chez un autre prêteur.",
            "The share still owed on the newest loan with another lender.",
        ),
        HISTORY.mean("debt_to_credit", "newest"),
        source=HISTORY.table,
        formula="debt / credit of the newest row",
        within=(-2, 5),
    ),
    describe(
        "bureau_newest_credit",
        Unit.EUROS,
        ("Montant du dernier crédit ailleurs", "Amount of the newest loan elsewhere"),
        (
            "Le montant du crédit le plus récent chez un autre prêteur.",
            "The amount of the newest loan with another lender.",
        ),
        HISTORY.mean("amt_credit_sum", "newest"),
        source=HISTORY.table,
        formula="amt_credit_sum of the newest row",
        within=(0, 6e8),
    ),
    describe(
        "bureau_newest_type",
        Unit.CATEGORY,
        ("Type du dernier crédit ailleurs", "Type of the newest loan elsewhere"),
        ("Le type du crédit le plus récent chez un autre prêteur.", "The type of the newest loan with another lender."),
        HISTORY.word("credit_type", "newest"),
        source=HISTORY.table,
        formula="credit_type of the newest row",
    ),
    describe(
        "bureau_credit_left",
        Unit.EUROS,
        ("Capital restant estimé ailleurs", "Estimated amount left elsewhere"),
        (
            "Une estimation de ce qui reste à rembourser ailleurs, d'après les échéances.",
            "An estimate of what is left to pay elsewhere, from the end dates.",
        ),
        HISTORY.total("credit_left", "active"),
        source=HISTORY.table,
        formula="sum of credit × days left / (days left + days since opening) over active rows",
        within=(0, 6e8),
    ),
    describe(
        "bureau_card_debt_to_limit",
        Unit.SHARE,
        ("Utilisation des cartes ailleurs", "Use of cards elsewhere"),
        (
            "La part utilisée des plafonds de cartes de crédit chez d'autres prêteurs.",
            "The share used of the limits of credit cards with other lenders.",
        ),
        ratio(HISTORY.total("amt_credit_sum_debt", "active&card"), HISTORY.total("amt_credit_sum", "active&card")),
        source=HISTORY.table,
        formula="sum of debt / sum of credit over active card rows",
        within=(-2, 5),
    ),
    describe(
        "bureau_types_count",
        Unit.COUNT,
        ("Types de crédit différents ailleurs", "Different types of loan elsewhere"),
        (
            "Le nombre de types de crédit différents chez d'autres prêteurs.",
            "How many different types of loan the client has had with other lenders.",
        ),
        pl.sum_horizontal((HISTORY.count(name) > 0).cast(pl.Int32) for name in (*TYPES, "other_type")),
        source=HISTORY.table,
        formula="number of types with at least one row",
        within=(0, 6),
    ),
)

_PACE = (
    describe(
        "bureau_late_now_count",
        Unit.COUNT,
        ("Crédits en retard aujourd'hui ailleurs", "Loans late today elsewhere"),
        (
            "Le nombre de crédits en retard de paiement chez d'autres prêteurs.",
            "How many loans with other lenders are late today.",
        ),
        HISTORY.count("late_now"),
        source=HISTORY.table,
        formula="rows with credit_day_overdue > 0",
        within=(0, 20),
    ),
    describe(
        "bureau_last_closed_days",
        Unit.DAYS,
        ("Temps depuis le dernier crédit soldé ailleurs", "Time since a loan elsewhere was last closed"),
        (
            "Le nombre de jours depuis que le client a soldé un crédit chez un autre prêteur.",
            "How many days ago the client last closed a loan with another lender.",
        ),
        HISTORY.least("closed_days", "closed"),
        source=HISTORY.table,
        formula="least -days_enddate_fact over closed rows",
        within=(-1, 4000),
    ),
    describe(
        "bureau_early_days_mean",
        Unit.DAYS,
        ("Avance moyenne sur la fin prévue ailleurs", "Mean lead over the planned end elsewhere"),
        (
            "En moyenne, le nombre de jours d'avance avec lequel le client a soldé ses crédits ailleurs.",
            "On average, how many days before the planned end the client closed loans elsewhere.",
        ),
        HISTORY.mean("early_days", "closed"),
        source=HISTORY.table,
        formula="mean of days_credit_enddate - days_enddate_fact over closed rows",
        within=(-40_000, 40_000),
    ),
    describe(
        "bureau_term_days_mean",
        Unit.DAYS,
        ("Durée moyenne des crédits ailleurs", "Mean term of loans elsewhere"),
        (
            "La durée prévue moyenne des crédits chez d'autres prêteurs.",
            "The mean planned term of loans with other lenders.",
        ),
        HISTORY.mean("term_days"),
        source=HISTORY.table,
        formula="mean of days_credit_enddate - days_credit",
        within=(-40_000, 40_000),
    ),
    describe(
        "bureau_gap_days",
        Unit.DAYS,
        ("Temps moyen entre deux crédits ailleurs", "Mean time between loans elsewhere"),
        (
            "En moyenne, le nombre de jours entre deux crédits ouverts chez d'autres prêteurs.",
            "On average, how many days pass between two loans opened with other lenders.",
        ),
        ratio(HISTORY.greatest("opened_days") - HISTORY.least("opened_days"), HISTORY.count() - 1),
        source=HISTORY.table,
        formula="(oldest - newest opening) / (number of rows - 1)",
        within=(0, 3000),
    ),
    describe(
        "bureau_last_365_days_share",
        Unit.SHARE,
        ("Part des crédits ailleurs ouverts depuis un an", "Share of loans elsewhere opened within a year"),
        (
            "La part des crédits chez d'autres prêteurs ouverts depuis un an.",
            "The share of loans with other lenders opened within a year.",
        ),
        HISTORY.share("last_365_days"),
        source=HISTORY.table,
        formula="rows of the last 365 days / all rows",
        within=(0, 1),
    ),
)

FEATURES: tuple[Feature, ...] = (*_INDEBTED, *_PACE)
