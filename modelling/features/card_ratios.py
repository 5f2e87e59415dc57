"""What card statements say together: cash withdrawals, payments against what is due, and whether the use grows."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import MONTHS_A_YEAR, ratio
from modelling.features.card_rows import HISTORY, THOUSANDTHS
from modelling.features.feature import Feature, Unit, describe

_DRAWN = HISTORY.total("amt_drawings_current")
_SHORT, _LONG = "last_6_months", "last_24_months"
_SPANS = {6: ("six mois", "six months"), 12: ("un an", "a year"), 24: ("deux ans", "two years")}


def _growth(name: str, column: str, fr: str, en: str) -> Feature:
    return describe(
        f"card_{name}_6_to_24_months",
        Unit.RATIO,
        (f"{fr} récent rapporté à celui de deux ans", f"Recent {en} against that of two years"),
        (
            f"{fr} moyen de la carte depuis six mois, rapporté à celui des deux dernières années.",
            f"The mean {en} of the card within six months, against that of the last two years.",
        ),
        ratio(HISTORY.mean(column, _SHORT), HISTORY.mean(column, _LONG)),
        source=HISTORY.table,
        formula=f"mean {column} over the last 6 months / over the last 24 months",
        within=(-24, 24),
    )


def _trend(months: int) -> Feature:
    fr, en = _SPANS[months]
    return describe(
        f"card_last_{months}_months_use_trend",
        Unit.SHARE,
        (
            f"Évolution du taux d'utilisation de la carte depuis {fr}",
            f"Trend of the use of the card's limit within {en}",
        ),
        (
            f"De combien, par an, la part utilisée du plafond de la carte augmente, depuis {fr}.",
            f"By how much a year the share of the card's limit in use grows, within {en}.",
        ),
        HISTORY.slope("use", f"last_{months}_months") * (MONTHS_A_YEAR / THOUSANDTHS),
        source=HISTORY.table,
        formula=f"least-squares slope of balance_to_limit over time, a year, over the last {months} months",
        within=(-12, 12),
    )


_HABITS = (
    describe(
        "card_atm_share",
        Unit.SHARE,
        ("Part des retraits dans l'usage de la carte", "Cash withdrawals' share of card use"),
        (
            "La part des retraits d'espèces dans ce que le client a utilisé de sa carte.",
            "The share of cash withdrawals in what the client has drawn with the card.",
        ),
        ratio(HISTORY.total("amt_drawings_atm_current"), _DRAWN),
        source=HISTORY.table,
        formula="sum of amt_drawings_atm_current / sum of amt_drawings_current",
        within=(0, 1),
    ),
    describe(
        "card_last_12_months_atm_share",
        Unit.SHARE,
        (
            "Part des retraits dans l'usage de la carte depuis un an",
            "Cash withdrawals' share of card use within a year",
        ),
        (
            "La part des retraits d'espèces dans ce que le client a utilisé de sa carte depuis un an.",
            "The share of cash withdrawals in what the client has drawn with the card within a year.",
        ),
        ratio(
            HISTORY.total("amt_drawings_atm_current", "last_12_months"),
            HISTORY.total("amt_drawings_current", "last_12_months"),
        ),
        source=HISTORY.table,
        formula="sum of amt_drawings_atm_current / sum of amt_drawings_current, over the last 12 months",
        within=(0, 1),
    ),
    describe(
        "card_paid_to_drawn",
        Unit.RATIO,
        ("Paiements rapportés à l'usage de la carte", "Payments against card use"),
        (
            "Ce que le client a payé, rapporté à ce qu'il a utilisé de sa carte.",
            "What the client has paid, against what was drawn with the card.",
        ),
        ratio(HISTORY.total("amt_payment_current"), _DRAWN),
        source=HISTORY.table,
        formula="sum of amt_payment_current / sum of amt_drawings_current",
        within=(0, 100),
    ),
    describe(
        "card_latest_balance_to_limit",
        Unit.SHARE,
        ("Utilisation de la carte au dernier relevé", "Use of the card on the last statement"),
        (
            "La part du plafond utilisée au dernier relevé de carte du client.",
            "The share of the limit in use on the client's last card statement.",
        ),
        ratio(HISTORY.total("amt_balance", "latest"), HISTORY.total("amt_credit_limit_actual", "latest")),
        source=HISTORY.table,
        formula="sum of amt_balance / sum of amt_credit_limit_actual over the latest row of each card",
        within=(-1, 3),
    ),
    describe(
        "card_balance_to_income",
        Unit.RATIO,
        ("Solde de la carte rapporté au revenu", "Card balance against income"),
        (
            "Ce que le client doit sur sa carte au dernier relevé, en nombre de revenus.",
            "What the client owes on the card on the last statement, in so many times the income.",
        ),
        ratio(HISTORY.total("amt_balance", "latest"), pl.col("amt_income_total")),
        source=HISTORY.table,
        formula="sum of amt_balance over the latest row of each card / amt_income_total",
        within=(-5, 50),
    ),
    describe(
        "card_late_months_ago",
        Unit.MONTHS,
        ("Temps depuis le dernier mois de carte en retard", "Time since the card was last late"),
        (
            "Le nombre de mois depuis le dernier retard du client sur sa carte.",
            "How many months ago the client's card was last late.",
        ),
        HISTORY.least("age_months", "late"),
        source=HISTORY.table,
        formula="least -months_balance over late rows",
        within=(0, 97),
    ),
)

_GROWTH = (
    _growth("balance", "amt_balance", "Solde", "balance"),
    _growth("use", "balance_to_limit", "Taux d'utilisation", "use of the limit"),
    _growth("drawn", "amt_drawings_current", "Montant utilisé", "amount drawn"),
    _growth("paid", "amt_payment_current", "Paiement", "payment"),
    *(_trend(months) for months in _SPANS),
)

FEATURES: tuple[Feature, ...] = (*_HABITS, *_GROWTH)
