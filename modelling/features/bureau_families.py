"""Families over the bureau's credits: the same statistics over all of them, the running and the closed ones."""

from __future__ import annotations

from modelling.features import bureau_levels
from modelling.features.arithmetic import DAYS_A_YEAR
from modelling.features.bureau_months import LATE_MONTHS
from modelling.features.bureau_rows import HISTORY
from modelling.features.families import Kin, Quantity, counts, family, shares
from modelling.features.feature import Feature, Unit, Words
from modelling.features.wording import AGE, LENGTH, Noun, Scope, Statistic

_LEAST, _MOST, _MEAN = Statistic.LEAST, Statistic.GREATEST, Statistic.MEAN
_TOTAL, _SPREAD = Statistic.TOTAL, Statistic.DEVIATION

_ALL = Scope(
    "all",
    "",
    Words("des crédits ailleurs", "of loans elsewhere"),
    Words("des crédits du client chez d'autres prêteurs", "of the client's loans with other lenders"),
)
_ACTIVE = Scope(
    "active",
    "active",
    Words("des crédits en cours ailleurs", "of running loans elsewhere"),
    Words("des crédits que le client a en cours chez d'autres prêteurs", "of the client's running loans elsewhere"),
)
_CLOSED = Scope(
    "closed",
    "closed",
    Words("des crédits soldés ailleurs", "of closed loans elsewhere"),
    Words("des crédits que le client a soldés chez d'autres prêteurs", "of the client's closed loans elsewhere"),
)
_STATES = (_ALL, _ACTIVE, _CLOSED)


def _window(days: int, fr: str, en: str) -> Scope:
    return Scope(
        f"last_{days}_days",
        f"last_{days}_days",
        Words(f"des crédits ouverts ailleurs depuis {fr}", f"of loans opened elsewhere within {en}"),
        Words(
            f"des crédits que le client a ouverts chez d'autres prêteurs depuis {fr}",
            f"of the loans the client opened with other lenders within {en}",
        ),
    )


_WINDOWS = (
    _window(180, "six mois", "six months"),
    _window(365, "un an", "a year"),
    _window(720, "deux ans", "two years"),
    _window(1825, "cinq ans", "five years"),
)

_AGE = Noun("ancienneté", "age", feminine=True, degree=AGE)
_REMAINING = Noun("durée restante", "time left", feminine=True, degree=LENGTH)
_UPDATED = Noun("délai de mise à jour", "time since the last update")
_WORST = Noun("impayé passé", "past arrears")
_AMOUNT, _ARREARS, _DELAY = Noun("montant", "amount"), Noun("impayé", "arrears"), Noun("retard", "delay", degree=LENGTH)
_DEBT, _INSTALMENT = Noun("dette", "debt", feminine=True), Noun("mensualité", "instalment", feminine=True)
_LIMIT, _EXTENSIONS = Noun("plafond", "limit"), Noun("nombre de prolongations", "number of extensions", plain=True)
_RECORD = Noun("durée de suivi", "length of record", feminine=True, degree=LENGTH)
_RECORD_START, _RECORD_END = (
    Noun("âge du premier relevé", "age of the first record"),
    Noun("âge du dernier relevé", "age of the last record"),
)
_LATE, _LEVEL = Noun("nombre de mois en retard", "number of late months"), Noun("niveau de retard", "level of delay")

_QUANTITIES = (
    Quantity("opened_years", "opened_days", Unit.YEARS, _AGE, (_LEAST, _MOST, _MEAN, _SPREAD), (0, 9), DAYS_A_YEAR),
    Quantity(
        "remaining_years",
        "days_credit_enddate",
        Unit.YEARS,
        _REMAINING,
        (_LEAST, _MOST, _MEAN),
        (-110, 90),
        DAYS_A_YEAR,
    ),
    Quantity("updated_days", "updated_days", Unit.DAYS, _UPDATED, (_MEAN,), (-400, 40_000)),
    Quantity("overdue_days", "credit_day_overdue", Unit.DAYS, _DELAY, (_MOST, _MEAN), (0, 2800)),
    Quantity("worst_overdue", "amt_credit_max_overdue", Unit.EUROS, _WORST, (_MOST, _MEAN), (0, 2e8)),
    Quantity("credit", "amt_credit_sum", Unit.EUROS, _AMOUNT, (_MOST, _MEAN, _TOTAL), (0, 6e8)),
    Quantity("debt", "amt_credit_sum_debt", Unit.EUROS, _DEBT, (_MOST, _MEAN, _TOTAL), (-5e6, 2e8)),
    Quantity("overdue", "amt_credit_sum_overdue", Unit.EUROS, _ARREARS, (_MEAN,), (0, 4e6)),
    Quantity("limit", "amt_credit_sum_limit", Unit.EUROS, _LIMIT, (_MEAN, _TOTAL), (-6e5, 5e6)),
    Quantity("annuity", "amt_annuity", Unit.EUROS, _INSTALMENT, (_MOST, _MEAN), (0, 2e8)),
    Quantity("prolonged", "cnt_credit_prolong", Unit.COUNT, _EXTENSIONS, (_TOTAL,), (0, 10)),
    Quantity("record_months", "months_known", Unit.MONTHS, _RECORD, (_MEAN, _TOTAL), (0, 97)),
    Quantity("record_start_months", "first_month", Unit.MONTHS, _RECORD_START, (_MOST,), (0, 97)),
    Quantity("record_end_months", "last_month", Unit.MONTHS, _RECORD_END, (_LEAST,), (0, 97)),
)
_IN_WINDOWS = (
    Quantity("credit", "amt_credit_sum", Unit.EUROS, _AMOUNT, (_TOTAL,), (0, 6e8)),
    Quantity("debt", "amt_credit_sum_debt", Unit.EUROS, _DEBT, (_TOTAL,), (-5e6, 2e8)),
)

_STATUS_WORDS = {
    "C": ("crédit soldé", "closed"),
    "X": ("statut inconnu", "of unknown status"),
    "0": ("sans retard", "without delay"),
    "1": ("1 à 30 jours de retard", "1 to 30 days late"),
    "2": ("31 à 60 jours de retard", "31 to 60 days late"),
    "3": ("61 à 90 jours de retard", "61 to 90 days late"),
    "4": ("91 à 120 jours de retard", "91 to 120 days late"),
    "5": ("plus de 120 jours de retard", "over 120 days late"),
}


def _status_share(status: str) -> Quantity:
    fr, en = _STATUS_WORDS[status]
    noun = Noun(f"part des mois « {fr} »", f"share of months {en}", feminine=True, plain=True)
    return Quantity(f"status_{status.lower()}_share", f"status_{status}_share", Unit.SHARE, noun, (_MEAN,), (0, 1))


def _late_within(months: int) -> Quantity:
    noun = Noun(f"nombre de mois en retard sur {months}", f"number of late months out of {months}", plain=True)
    return Quantity(
        f"late_last_{months}_months", f"late_months_last_{months}", Unit.COUNT, noun, (_TOTAL,), (0, months)
    )


_PUNCTUALITY = (
    Quantity("late_months", "late_months", Unit.COUNT, _LATE, (_MOST, _TOTAL), (0, 97)),
    Quantity("worst_status", "worst_status", Unit.SCORE, _LEVEL, (_MOST, _MEAN), (0, 5)),
    *(_late_within(months) for months in LATE_MONTHS),
    *(_status_share(status) for status in _STATUS_WORDS),
)

_KINDS = (
    Kin("active", "des crédits en cours", "running loans"),
    Kin("closed", "des crédits soldés", "closed loans"),
    Kin("sold", "des crédits cédés ou irrécouvrables", "loans sold or written off"),
    Kin("foreign", "des crédits en devise étrangère", "loans in a foreign currency"),
    Kin("arrears", "des crédits ayant connu un impayé", "loans that had arrears"),
    Kin("consumer", "des crédits à la consommation", "consumer loans"),
    Kin("card", "des cartes de crédit", "credit cards"),
    Kin("car", "des crédits auto", "car loans"),
    Kin("mortgage", "des crédits immobiliers", "mortgages"),
    Kin("microloan", "des microcrédits", "microloans"),
    Kin("other_type", "des crédits d'un autre type", "loans of another type"),
)

FEATURES: tuple[Feature, ...] = (
    *counts(HISTORY, "bureau", (*_STATES, *_WINDOWS)),
    *shares(HISTORY, "bureau", (*_KINDS, *bureau_levels.KINS), _ALL),
    *family(HISTORY, "bureau", _QUANTITIES, _STATES),
    *family(HISTORY, "bureau", _IN_WINDOWS, _WINDOWS),
    *family(HISTORY, "bureau", _PUNCTUALITY, (_ALL,)),
)
