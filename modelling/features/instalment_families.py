"""Families over payments, as the lender books them, and over instalments, split payments put together."""

from __future__ import annotations

from modelling.features import instalment_rows, payment_rows
from modelling.features.arithmetic import DAYS_A_YEAR
from modelling.features.families import Kin, Quantity, counts, family, shares
from modelling.features.feature import Feature, Unit, Words
from modelling.features.wording import AGE, LENGTH, Noun, Scope, Statistic

_LEAST, _MOST, _MEAN = Statistic.LEAST, Statistic.GREATEST, Statistic.MEAN
_TOTAL, _SPREAD = Statistic.TOTAL, Statistic.DEVIATION

_PAYMENTS = Scope(
    "all",
    "",
    Words("des paiements ici", "of payments here"),
    Words("des paiements du client sur ses crédits chez nous", "of the client's payments on loans with us"),
)
_INSTALMENTS = Scope(
    "all",
    "merged",
    Words("des échéances ici", "of instalments here"),
    Words("des échéances des crédits du client chez nous", "of the instalments of the client's loans with us"),
)


def _window(months: int, fr: str, en: str) -> Scope:
    return Scope(
        f"last_{months}_months",
        f"last_{months}_months",
        Words(f"des échéances depuis {fr}", f"of instalments within {en}"),
        Words(f"des échéances du client depuis {fr}", f"of the client's instalments within {en}"),
    )


_WINDOWS = (
    _window(6, "six mois", "six months"),
    _window(12, "un an", "a year"),
    _window(24, "deux ans", "two years"),
    _window(60, "cinq ans", "five years"),
)

_RATIO = Noun("part payée de l'échéance", "share paid of the instalment", feminine=True)
_SHORT = Noun("reste impayé", "amount left unpaid")
_DELAY, _LEAD = (
    Noun("retard", "delay", degree=LENGTH),
    Noun("avance de règlement", "lead", feminine=True, degree=LENGTH),
)
_DUE, _PAID = Noun("montant dû", "amount due"), Noun("montant payé", "amount paid")
_AGE = Noun("ancienneté", "age", feminine=True, degree=AGE)

_OF_PAYMENTS = (
    Quantity("paid_to_due", "paid_to_due", Unit.SHARE, _RATIO, (_MOST, _MEAN, _TOTAL, _SPREAD), (0, 50)),
    Quantity("shortfall", "shortfall", Unit.EUROS, _SHORT, (_MOST, _MEAN, _TOTAL, _SPREAD), (-4e6, 4e6)),
    Quantity("late_days", "late_days", Unit.DAYS, _DELAY, (_MOST, _MEAN, _TOTAL), (0, 3000)),
    Quantity("early_days", "early_days", Unit.DAYS, _LEAD, (_MOST, _MEAN, _TOTAL), (0, 3000)),
    Quantity("due", "amt_instalment", Unit.EUROS, _DUE, (_MOST, _MEAN, _TOTAL), (0, 4e6)),
    Quantity("paid", "amt_payment", Unit.EUROS, _PAID, (_LEAST, _MOST, _MEAN, _TOTAL), (0, 4e6)),
    Quantity("paid_years", "paid_days", Unit.YEARS, _AGE, (_LEAST, _MEAN, _TOTAL), (0, 14), DAYS_A_YEAR),
)
_OF_WINDOWS = (
    Quantity("late_days", "late_days", Unit.DAYS, _DELAY, (_MOST, _MEAN), (0, 3000)),
    Quantity("early_days", "early_days", Unit.DAYS, _LEAD, (_MEAN,), (0, 3000)),
    Quantity("shortfall", "shortfall", Unit.EUROS, _SHORT, (_TOTAL,), (-4e6, 4e6)),
    Quantity("due", "due", Unit.EUROS, _DUE, (_TOTAL,), (0, 4e6)),
)
_KINDS = (
    Kin("late", "des échéances payées en retard", "instalments paid late"),
    Kin("late_7_days", "des échéances payées plus de 7 jours en retard", "instalments paid over 7 days late"),
    Kin("late_15_days", "des échéances payées plus de 15 jours en retard", "instalments paid over 15 days late"),
    Kin("underpaid", "des échéances payées en partie", "instalments paid in part"),
)

FEATURES: tuple[Feature, ...] = (
    *counts(payment_rows.HISTORY, "instalments", (_PAYMENTS,)),
    *family(payment_rows.HISTORY, "instalments", _OF_PAYMENTS, (_PAYMENTS,)),
    *counts(instalment_rows.HISTORY, "instalments", (_INSTALMENTS, *_WINDOWS)),
    *shares(instalment_rows.HISTORY, "instalments", _KINDS, _INSTALMENTS),
    *family(instalment_rows.HISTORY, "instalments", _OF_WINDOWS, _WINDOWS),
)
