"""Families over monthly statements of loans: how late, over all of them and over the latest months."""

from __future__ import annotations

from modelling.features.families import Kin, Quantity, counts, family, shares
from modelling.features.feature import Feature, Unit, Words
from modelling.features.pos_rows import HISTORY
from modelling.features.wording import AGE, LENGTH, Noun, Scope, Statistic

_LEAST, _MOST, _MEAN, _TOTAL = Statistic.LEAST, Statistic.GREATEST, Statistic.MEAN, Statistic.TOTAL

_ALL = Scope(
    "all",
    "",
    Words("des relevés de prêt", "of loan statements"),
    Words("des relevés mensuels des prêts que le client a eus ici", "of the monthly statements of the client's loans"),
)


def _window(months: int, fr: str, en: str) -> Scope:
    return Scope(
        f"last_{months}_months",
        f"last_{months}_months",
        Words(f"des relevés de prêt depuis {fr}", f"of loan statements within {en}"),
        Words(
            f"des relevés mensuels des prêts du client depuis {fr}",
            f"of the monthly statements of the client's loans within {en}",
        ),
    )


_WINDOWS = (
    _window(6, "six mois", "six months"),
    _window(12, "un an", "a year"),
    _window(24, "deux ans", "two years"),
    _window(60, "cinq ans", "five years"),
)

_AGE = Noun("ancienneté", "age", feminine=True, degree=AGE)
_DELAY, _NOTABLE = Noun("retard", "delay", degree=LENGTH), Noun("retard notable", "notable delay", degree=LENGTH)

_QUANTITIES = (
    Quantity("age_months", "age_months", Unit.MONTHS, _AGE, (_LEAST, _MOST, _MEAN), (0, 97)),
    Quantity("late_days", "sk_dpd", Unit.DAYS, _DELAY, (_MOST, _MEAN), (0, 4000)),
    Quantity("notably_late_days", "sk_dpd_def", Unit.DAYS, _NOTABLE, (_MOST, _MEAN), (0, 4000)),
)
_LATELY = _QUANTITIES[1:]

_KINDS = (
    Kin("active", "des relevés « en cours »", "statements “active”"),
    Kin("completed", "des relevés « soldé »", "statements “completed”"),
    Kin("signed", "des relevés « signé »", "statements “signed”"),
    Kin("demand", "des relevés « exigible »", "statements “demand”"),
    Kin("returned", "des relevés « rendu au magasin »", "statements “returned to the store”"),
    Kin("approved", "des relevés « accepté »", "statements “approved”"),
    Kin("amortized", "des relevés « dette amortie »", "statements “amortised debt”"),
    Kin("canceled", "des relevés « annulé »", "statements “cancelled”"),
    Kin("unknown_status", "des relevés sans statut", "statements without a status"),
    Kin("late", "des relevés en retard", "late statements"),
    Kin("notably_late", "des relevés en retard notable", "notably late statements"),
)

FEATURES: tuple[Feature, ...] = (
    *counts(HISTORY, "pos", (_ALL, *_WINDOWS)),
    *shares(HISTORY, "pos", _KINDS, _ALL),
    *family(HISTORY, "pos", _QUANTITIES, (_ALL,)),
    *family(HISTORY, "pos", _LATELY, _WINDOWS),
)
