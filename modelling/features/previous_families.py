"""Families over earlier applications: the same statistics over all, the approved, the refused and the latest ones."""

from __future__ import annotations

from modelling.features import previous_levels
from modelling.features.arithmetic import DAYS_A_YEAR
from modelling.features.families import Kin, Quantity, counts, family, shares
from modelling.features.feature import Feature, Unit, Words
from modelling.features.previous_rows import HISTORY
from modelling.features.wording import AGE, CLOCK, LENGTH, Noun, Scope, Statistic

_LEAST, _MOST, _MEAN = Statistic.LEAST, Statistic.GREATEST, Statistic.MEAN
_TOTAL, _SPREAD = Statistic.TOTAL, Statistic.DEVIATION
_EXTREMES = (_LEAST, _MOST, _MEAN)


def _scope(where: str, label: tuple[str, str], sentence: tuple[str, str]) -> Scope:
    return Scope(where, "" if where == "all" else where.replace("&", "_"), Words(*label), Words(*sentence))


_ALL = _scope(
    "all",
    ("des demandes précédentes", "of earlier applications"),
    ("des demandes précédentes du client", "of the client's earlier applications"),
)
_APPROVED = _scope(
    "approved",
    ("des demandes acceptées", "of approved applications"),
    ("des demandes du client que nous avons acceptées", "of the client's applications that we approved"),
)
_REFUSED = _scope(
    "refused",
    ("des demandes refusées", "of refused applications"),
    ("des demandes du client que nous avons refusées", "of the client's applications that we refused"),
)
_OUTCOMES = (_ALL, _APPROVED, _REFUSED)


def _latest(count: int, fr: str, en: str) -> Scope:
    return _scope(
        f"last_{count}",
        (f"des {fr} dernières demandes", f"of the last {en} applications"),
        (f"des {fr} dernières demandes du client", f"of the client's last {en} applications"),
    )


def _window(days: int, fr: str, en: str) -> Scope:
    return _scope(
        f"last_{days}_days",
        (f"des demandes depuis {fr}", f"of applications within {en}"),
        (f"des demandes du client depuis {fr}", f"of the client's applications within {en}"),
    )


_LATEST = (_latest(3, "trois", "three"), _latest(5, "cinq", "five"))
_WINDOWS = (
    _window(180, "six mois", "six months"),
    _window(365, "un an", "a year"),
    _window(720, "deux ans", "two years"),
    _window(1825, "cinq ans", "five years"),
)
_RUNNING = _scope(
    "running",
    ("des crédits en cours ici", "of running loans here"),
    ("des crédits que le client a en cours chez nous", "of the loans the client has running with us"),
)

_ANNUITY, _TERM = Noun("mensualité", "instalment", feminine=True), Noun("durée de crédit", "loan term", feminine=True)
_ASKED, _GRANTED = Noun("montant demandé", "amount asked for"), Noun("montant accordé", "amount granted")
_RATIO = Noun("ratio demandé/accordé", "asked-to-granted ratio")
_INTEREST = Noun("taux d'intérêt estimé", "estimated interest rate")

_QUANTITIES = (
    Quantity("asked_to_granted", "asked_to_granted", Unit.RATIO, _RATIO, (*_EXTREMES, _SPREAD), (0, 10)),
    Quantity("annuity", "amt_annuity", Unit.EUROS, _ANNUITY, _EXTREMES, (0, 5e5)),
    Quantity("asked", "amt_application", Unit.EUROS, _ASKED, _EXTREMES, (0, 1e7)),
    Quantity("granted", "amt_credit", Unit.EUROS, _GRANTED, _EXTREMES, (0, 1e7)),
    Quantity("down_payment", "amt_down_payment", Unit.EUROS, Noun("apport", "down payment"), _EXTREMES, (-1, 4e6)),
    Quantity("goods_price", "amt_goods_price", Unit.EUROS, Noun("prix du bien", "goods price"), _EXTREMES, (0, 1e7)),
    Quantity(
        "hour",
        "hour_appr_process_start",
        Unit.HOUR,
        Noun("heure", "hour", feminine=True, degree=CLOCK),
        _EXTREMES,
        (0, 23),
    ),
    Quantity(
        "down_payment_share",
        "rate_down_payment",
        Unit.SHARE,
        Noun("part d'apport", "down payment share", feminine=True),
        _EXTREMES,
        (-0.01, 1),
    ),
    Quantity(
        "decided_years",
        "decided_days",
        Unit.YEARS,
        Noun("ancienneté", "age", feminine=True, degree=AGE),
        _EXTREMES,
        (0, 9),
        DAYS_A_YEAR,
    ),
    Quantity("term_months", "cnt_payment", Unit.MONTHS, _TERM, (_MEAN, _TOTAL), (0, 84)),
)
_INTERESTS = (
    Quantity("interest", "interest", Unit.SHARE, _INTEREST, (*_EXTREMES, _SPREAD), (-0.5, 3)),
    Quantity(
        "early_days",
        "early_days",
        Unit.DAYS,
        Noun("avance moyenne sur la fin prévue", "mean lead over the planned end", feminine=True, plain=True),
        (_MEAN,),
        (-4000, 4000),
    ),
)
_LATELY = (
    Quantity("annuity", "amt_annuity", Unit.EUROS, _ANNUITY, (_MEAN,), (0, 5e5)),
    Quantity("granted", "amt_credit", Unit.EUROS, _GRANTED, (_MEAN,), (0, 1e7)),
    Quantity("asked_to_granted", "asked_to_granted", Unit.RATIO, _RATIO, (_MEAN,), (0, 10)),
    Quantity("term_months", "cnt_payment", Unit.MONTHS, _TERM, (_MEAN,), (0, 84)),
    Quantity("interest", "interest", Unit.SHARE, _INTEREST, (_MEAN,), (-0.5, 3)),
)
_STILL_DUE = (
    Quantity("annuity", "amt_annuity", Unit.EUROS, _ANNUITY, (_TOTAL,), (0, 5e5)),
    Quantity(
        "left_to_pay", "left_to_pay", Unit.EUROS, Noun("reste à payer", "amount left to pay"), (_TOTAL,), (0, 1e7)
    ),
    Quantity(
        "left_months",
        "left_months",
        Unit.MONTHS,
        Noun("durée restante", "time left", feminine=True, degree=LENGTH),
        (_MOST,),
        (0, 120),
    ),
)

_KINDS = (
    Kin("approved", "des demandes acceptées", "approved applications"),
    Kin("refused", "des demandes refusées", "refused applications"),
    Kin("canceled", "des demandes annulées", "cancelled applications"),
    Kin("unused", "des offres non utilisées", "offers not taken up"),
    Kin("cash", "des prêts personnels", "cash loans"),
    Kin("consumer", "des crédits à la consommation", "consumer loans"),
    Kin("revolving", "des crédits renouvelables", "revolving loans"),
    Kin("new_client", "des demandes de nouveau client", "applications as a new client"),
    Kin("repeater", "des demandes d'ancien client", "applications as a returning client"),
    Kin("refreshed", "des demandes de client réactivé", "applications as a reactivated client"),
    Kin("x_sell", "des offres faites à un client connu", "offers made to a known client"),
    Kin("walk_in", "des demandes spontanées", "walk-in applications"),
    Kin("cards", "des cartes", "cards"),
    Kin("bank_paid", "des crédits payés par la banque", "loans paid through the bank"),
    Kin("insured", "des crédits assurés", "insured loans"),
    Kin("yield_low_action", "des crédits à taux promotionnel", "loans at a promotional rate"),
    Kin("yield_low", "des crédits à taux bas", "loans at a low rate"),
    Kin("yield_middle", "des crédits à taux moyen", "loans at a middle rate"),
    Kin("yield_high", "des crédits à taux élevé", "loans at a high rate"),
    Kin("rejected_policy", "des refus pour motif HC", "refusals with reason HC"),
    Kin("rejected_limit", "des refus pour dépassement de plafond", "refusals for exceeding a limit"),
    Kin("rejected_score", "des refus au vu du score", "refusals on the score"),
    Kin("rejected_fraud_score", "des refus pour motif SCOFR", "refusals with reason SCOFR"),
    Kin("rejected_check", "des refus après vérification", "refusals after a check"),
    Kin("office", "des demandes en agence", "applications in a branch"),
    Kin("country_wide", "des demandes par le réseau national", "applications through the national network"),
    Kin("shop", "des demandes en magasin", "applications in a shop"),
    Kin("regional", "des demandes par le réseau local", "applications through the local network"),
    Kin("contact_center", "des demandes par téléphone", "applications by phone"),
    Kin("agent", "des demandes par un partenaire", "applications through a partner"),
)

FEATURES: tuple[Feature, ...] = (
    *counts(HISTORY, "previous", (*_OUTCOMES, _RUNNING, *_WINDOWS)),
    *shares(HISTORY, "previous", (*_KINDS, *previous_levels.KINS), _ALL),
    *family(HISTORY, "previous", _QUANTITIES, _OUTCOMES),
    *family(HISTORY, "previous", _INTERESTS, (_APPROVED,)),
    *family(HISTORY, "previous", _LATELY, _LATEST),
    *family(HISTORY, "previous", _STILL_DUE, (_RUNNING,)),
)
