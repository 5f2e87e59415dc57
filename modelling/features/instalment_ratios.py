"""What instalments say together: how late by weight of time, how late of late, and whether it grows worse."""

from __future__ import annotations

import polars as pl

from modelling.features import payment_rows
from modelling.features.arithmetic import DAYS_A_YEAR, ratio
from modelling.features.feature import Feature, Unit, describe
from modelling.features.instalment_rows import HISTORY

_SPANS = {
    6: ("six mois", "six months"),
    12: ("un an", "a year"),
    24: ("deux ans", "two years"),
    60: ("cinq ans", "five years"),
}
_TREND_SPANS = (6, 12, 24)


def _late_share(days: int, months: int) -> Feature:
    fr, en = _SPANS[months]
    return describe(
        f"instalments_last_{months}_months_late_{days}_days_share",
        Unit.SHARE,
        (
            f"Part des échéances plus de {days} jours en retard depuis {fr}",
            f"Share of instalments over {days} days late within {en}",
        ),
        (
            f"La part des échéances que le client a payées plus de {days} jours en retard depuis {fr}.",
            f"The share of instalments the client paid over {days} days late within {en}.",
        ),
        HISTORY.share(f"late_{days}_days&last_{months}_months", f"last_{months}_months"),
        source=HISTORY.table,
        formula=f"instalments over {days} days late / instalments, over the last {months} months",
        within=(0, 1),
    )


def _trend(months: int) -> Feature:
    fr, en = _SPANS[months]
    return describe(
        f"instalments_last_{months}_months_late_trend",
        Unit.DAYS,
        (f"Évolution du retard depuis {fr}", f"Trend of the delay within {en}"),
        (
            f"De combien de jours par an le client paie de plus en plus tard, depuis {fr}.",
            f"By how many days a year the client pays later and later, within {en}.",
        ),
        HISTORY.slope("delay", f"last_{months}_months") * DAYS_A_YEAR,
        source=HISTORY.table,
        formula=f"least-squares slope of delay over time, days a year, over the last {months} months",
        within=(-2000, 2000),
    )


def _weighted(side: str, fr: tuple[str, str], en: tuple[str, str]) -> Feature:
    return describe(
        f"instalments_{side}_days_weighted",
        Unit.DAYS,
        (fr[0], en[0]),
        (fr[1], en[1]),
        ratio(HISTORY.total(f"{side}_weight"), HISTORY.total("weight")),
        source=HISTORY.table,
        formula=f"sum of {side} days × exp(days_instalment / 365.25) / sum of exp(days_instalment / 365.25)",
        within=(0, 3000),
    )


def _days_since(where: str, fr: str, en: str) -> Feature:
    return describe(
        f"instalments_{where}_days_ago",
        Unit.DAYS,
        (f"Temps depuis la dernière échéance {fr}", f"Time since the last instalment {en}"),
        (
            f"Le nombre de jours depuis la dernière échéance {fr} par le client.",
            f"How many days ago the client's last instalment {en} was due.",
        ),
        HISTORY.least("due_days", where),
        source=HISTORY.table,
        formula=f"least -days_instalment over {where} instalments",
        within=(0, 3000),
    )


_PUNCTUALITY = (
    _weighted(
        "late",
        (
            "Retard moyen, le récent comptant le plus",
            "Le retard moyen du client sur ses échéances, les plus récentes comptant le plus.",
        ),
        ("Mean delay, recent ones weighing most", "The client's mean delay on instalments, the recent weighing most."),
    ),
    _weighted(
        "early",
        (
            "Avance moyenne, la récente comptant le plus",
            "L'avance moyenne du client sur ses échéances, les plus récentes comptant le plus.",
        ),
        ("Mean lead, recent ones weighing most", "The client's mean lead on instalments, the recent weighing most."),
    ),
    _days_since("late", "payée en retard", "paid late"),
    _days_since("late_7_days", "payée plus de 7 jours en retard", "paid over 7 days late"),
    _days_since("underpaid", "payée en partie", "paid in part"),
    *(_late_share(days, months) for days in (7, 15) for months in _SPANS),
    *(_trend(months) for months in _TREND_SPANS),
    describe(
        "instalments_late_6_to_24_months",
        Unit.RATIO,
        ("Retard récent rapporté à celui de deux ans", "Recent delay against that of two years"),
        (
            "Le retard moyen sur les échéances de six mois, rapporté à celui des deux dernières années.",
            "The mean delay on instalments of six months, against that of the last two years.",
        ),
        ratio(HISTORY.mean("late_days", "last_6_months"), HISTORY.mean("late_days", "last_24_months")),
        source=HISTORY.table,
        formula="mean late days over the last 6 months / over the last 24 months",
        within=(0, 24),
    ),
)

_PAID = (
    describe(
        "instalments_paid_to_due_by_loan",
        Unit.SHARE,
        ("Part payée par crédit depuis 1 000 jours", "Share paid by loan within 1,000 days"),
        (
            "En moyenne par crédit, la part de chaque échéance que le client a payée depuis 1 000 jours.",
            "On average by loan, the share of each instalment the client has paid within 1,000 days.",
        ),
        HISTORY.mean("loan_paid_to_due"),
        source=HISTORY.table,
        formula="mean over loans of the mean of paid / due over instalments of the last 1000 days",
        within=(0, 50),
    ),
    describe(
        "instalments_last_12_months_paid_to_due",
        Unit.SHARE,
        ("Part payée de ce qui était dû depuis un an", "Share paid of what was due within a year"),
        (
            "La part de ce que le client devait depuis un an qu'il a payée.",
            "The share the client has paid of what was due within a year.",
        ),
        ratio(HISTORY.total("paid", "last_12_months"), HISTORY.total("due", "last_12_months")),
        source=HISTORY.table,
        formula="sum of paid / sum of due over the last 12 months",
        within=(0, 50),
    ),
    describe(
        "instalments_due_to_income",
        Unit.SHARE,
        ("Échéances d'un an rapportées au revenu", "Instalments of a year against income"),
        (
            "Ce que le client devait ici depuis un an, en nombre de revenus.",
            "What the client had to pay here within a year, in so many times the income.",
        ),
        ratio(HISTORY.total("due", "last_12_months"), pl.col("amt_income_total")),
        source=HISTORY.table,
        formula="sum of due over the last 12 months / amt_income_total",
        within=(0, 20),
    ),
    describe(
        "instalments_versions_count",
        Unit.COUNT,
        ("Nombre de versions de calendrier", "Number of calendar versions"),
        (
            "Le nombre de versions différentes des calendriers de remboursement du client.",
            "How many different versions the client's repayment calendars have had.",
        ),
        pl.when(payment_rows.HISTORY.count() > 0).then(payment_rows.HISTORY.count("new_version")),
        source=HISTORY.table,
        formula="number of distinct num_instalment_version",
        within=(0, 60),
    ),
)

FEATURES: tuple[Feature, ...] = (*_PUNCTUALITY, *_PAID)
