"""Families over monthly card statements: every column's least, greatest, mean, total and spread, and recent months."""

from __future__ import annotations

from modelling.features.card_rows import HISTORY
from modelling.features.families import Kin, Quantity, counts, family, shares
from modelling.features.feature import Feature, Unit, Words
from modelling.features.wording import AGE, LENGTH, Noun, Scope, Statistic

_MOST, _MEAN, _TOTAL = Statistic.GREATEST, Statistic.MEAN, Statistic.TOTAL
_EVERY = tuple(Statistic)

_ALL = Scope(
    "all",
    "",
    Words("des relevés de carte", "of card statements"),
    Words("des relevés mensuels de la carte du client", "of the monthly statements of the client's card"),
)


def _window(months: int, fr: str, en: str) -> Scope:
    return Scope(
        f"last_{months}_months",
        f"last_{months}_months",
        Words(f"des relevés de carte depuis {fr}", f"of card statements within {en}"),
        Words(
            f"des relevés mensuels de la carte du client depuis {fr}",
            f"of the monthly statements of the client's card within {en}",
        ),
    )


_TWO = _window(2, "deux mois", "two months")
_WINDOWS = (
    _window(6, "six mois", "six months"),
    _window(12, "un an", "a year"),
    _window(24, "deux ans", "two years"),
    _window(60, "cinq ans", "five years"),
)
_STATES = tuple(
    Scope(
        where,
        where,
        Words(f"des relevés de carte « {fr} »", f"of card statements “{en}”"),
        Words(f"des relevés de carte du client au statut « {fr} »", f"of the client's card statements “{en}”"),
    )
    for where, fr, en in (
        ("active", "en cours", "active"),
        ("completed", "soldée", "completed"),
        ("signed", "signée", "signed"),
        ("demand", "exigible", "demand"),
        ("sent_proposal", "offre envoyée", "sent proposal"),
        ("refused", "refusée", "refused"),
        ("approved", "acceptée", "approved"),
    )
)
_KINDS = (
    *(Kin(scope.where, scope.label.fr, scope.label.en.removeprefix("of ")) for scope in _STATES),
    Kin("late", "des mois en retard", "late months"),
    Kin("drawing", "des mois avec retrait ou achat", "months with a drawing"),
    Kin("full", "des mois au plafond", "months at the limit"),
    Kin("below_minimum", "des mois payés sous le minimum", "months paid below the minimum"),
)


def _euros(name: str, column: str, noun: Noun) -> Quantity:
    return Quantity(name, column, Unit.EUROS, noun, _EVERY, (-1e7, 1e7))


def _count(name: str, column: str, noun: Noun) -> Quantity:
    return Quantity(name, column, Unit.COUNT, noun, _EVERY, (0, 200))


_PUBLISHED = (
    Quantity(
        "age_months", "age_months", Unit.MONTHS, Noun("ancienneté", "age", feminine=True, degree=AGE), _EVERY, (0, 97)
    ),
    _euros("balance", "amt_balance", Noun("solde", "balance")),
    _euros("limit", "amt_credit_limit_actual", Noun("plafond", "limit")),
    _euros("drawn", "amt_drawings_current", Noun("montant utilisé", "amount drawn")),
    _euros("drawn_atm", "amt_drawings_atm_current", Noun("montant retiré", "amount withdrawn in cash")),
    _euros("drawn_pos", "amt_drawings_pos_current", Noun("montant d'achats", "amount of purchases")),
    _euros("drawn_other", "amt_drawings_other_current", Noun("montant d'autres opérations", "amount otherwise drawn")),
    _euros("minimum", "amt_inst_min_regularity", Noun("minimum à payer", "minimum due")),
    _euros("paid", "amt_payment_current", Noun("paiement", "payment")),
    _euros("paid_total", "amt_payment_total_current", Noun("paiement tout compris", "payment in all")),
    _euros("principal", "amt_receivable_principal", Noun("capital dû", "principal owed")),
    _euros("receivable", "amt_recivable", Noun("montant dû", "amount owed")),
    _euros("receivable_total", "amt_total_receivable", Noun("montant dû tout compris", "amount owed in all")),
    _count("drawings", "cnt_drawings_current", Noun("compte d'opérations", "count of drawings")),
    _count("drawings_atm", "cnt_drawings_atm_current", Noun("compte de retraits", "count of withdrawals")),
    _count("drawings_pos", "cnt_drawings_pos_current", Noun("compte d'achats", "count of purchases")),
    _count("drawings_other", "cnt_drawings_other_current", Noun("compte d'autres opérations", "count of other uses")),
    _count("instalments", "cnt_instalment_mature_cum", Noun("compte d'échéances payées", "count of paid instalments")),
    Quantity("late_days", "sk_dpd", Unit.DAYS, Noun("retard", "delay", degree=LENGTH), _EVERY, (0, 4000)),
    Quantity(
        "notably_late_days",
        "sk_dpd_def",
        Unit.DAYS,
        Noun("retard notable", "notable delay", degree=LENGTH),
        _EVERY,
        (0, 4000),
    ),
)
_USE = Quantity(
    "balance_to_limit",
    "balance_to_limit",
    Unit.SHARE,
    Noun("taux d'utilisation", "use of the limit"),
    (_MOST, _MEAN),
    (-1, 3),
)
_DRAWN = Quantity(
    "drawn_to_limit",
    "drawn_to_limit",
    Unit.SHARE,
    Noun("part du plafond utilisée", "share of the limit drawn", feminine=True, plain=True),
    (_MEAN,),
    (0, 3),
)
_EFFORT = Quantity(
    "paid_to_minimum",
    "paid_to_minimum",
    Unit.RATIO,
    Noun("ratio paiement/minimum", "payment-to-minimum ratio"),
    (Statistic.LEAST, _MEAN),
    (0, 1000),
)
_LATELY = (
    _USE,
    _DRAWN,
    _EFFORT,
    Quantity("balance", "amt_balance", Unit.EUROS, Noun("solde", "balance"), (_MEAN,), (-1e7, 1e7)),
    Quantity("paid", "amt_payment_current", Unit.EUROS, Noun("paiement", "payment"), (_TOTAL,), (0, 1e7)),
    Quantity("drawn", "amt_drawings_current", Unit.EUROS, Noun("montant utilisé", "amount drawn"), (_TOTAL,), (0, 1e7)),
    Quantity("late_days", "sk_dpd", Unit.DAYS, Noun("retard", "delay", degree=LENGTH), (_MOST,), (0, 4000)),
)

FEATURES: tuple[Feature, ...] = (
    *counts(HISTORY, "card", (_ALL, *_WINDOWS, *_STATES)),
    *shares(HISTORY, "card", _KINDS, _ALL),
    *family(HISTORY, "card", _PUBLISHED, (_ALL,)),
    *family(HISTORY, "card", (_USE, _DRAWN, _EFFORT), (_ALL, _TWO)),
    *family(HISTORY, "card", _LATELY, _WINDOWS),
)
