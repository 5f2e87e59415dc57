"""What statements of loans say together: what is still to come, how often late, and whether that grows."""

from __future__ import annotations

from modelling.features.arithmetic import MONTHS_A_YEAR, ratio
from modelling.features.feature import Feature, Unit, describe
from modelling.features.pos_rows import HISTORY

_SPANS = {6: ("six mois", "six months"), 12: ("un an", "a year"), 24: ("deux ans", "two years")}
_RUNNING = "latest&active"
_LEFT = HISTORY.total("cnt_instalment_future", _RUNNING)


def _late_share(months: int) -> Feature:
    fr, en = _SPANS[months]
    return describe(
        f"pos_last_{months}_months_late_share",
        Unit.SHARE,
        (f"Part des mois en retard depuis {fr}", f"Share of late months within {en}"),
        (
            f"La part des mois en retard sur les prêts du client depuis {fr}.",
            f"The share of months the client's loans were late within {en}.",
        ),
        HISTORY.share(f"late&last_{months}_months", f"last_{months}_months"),
        source=HISTORY.table,
        formula=f"late rows / rows, over the last {months} months",
        within=(0, 1),
    )


def _trend(months: int) -> Feature:
    fr, en = _SPANS[months]
    return describe(
        f"pos_last_{months}_months_late_trend",
        Unit.DAYS,
        (f"Évolution du retard sur les prêts depuis {fr}", f"Trend of the delay on loans within {en}"),
        (
            f"De combien de jours par an le retard du client sur ses prêts s'allonge, depuis {fr}.",
            f"By how many days a year the client's delay on loans grows, within {en}.",
        ),
        HISTORY.slope("late", f"last_{months}_months") * MONTHS_A_YEAR,
        source=HISTORY.table,
        formula=f"least-squares slope of sk_dpd over time, days a year, over the last {months} months",
        within=(-2000, 2000),
    )


def _loans(name: str, where: str, fr: str, en: str, told: str) -> Feature:
    return describe(
        f"pos_{name}_count",
        Unit.COUNT,
        (f"Nombre de prêts {fr}", f"Number of loans {en}"),
        (f"Le nombre de prêts du client {fr}.", f"How many of the client's loans are {en}."),
        HISTORY.count(where),
        source=HISTORY.table,
        formula=told,
        within=(0, 60),
    )


_CONTRACTS = (
    _loans("loans", "latest", "suivis ici mois par mois", "followed here month by month", "number of contracts"),
    _loans(
        "running_loans",
        _RUNNING,
        "en cours au dernier relevé",
        "running on the last statement",
        "contracts whose latest row is active",
    ),
    _loans(
        "completed_loans",
        "latest&completed",
        "soldés au dernier relevé",
        "completed on the last statement",
        "contracts whose latest row is completed",
    ),
)

_TO_COME = (
    describe(
        "pos_left_count",
        Unit.COUNT,
        ("Échéances restantes", "Instalments to come"),
        (
            "Le nombre d'échéances qui restent à payer sur les prêts en cours du client.",
            "How many instalments are still to come on the client's running loans.",
        ),
        _LEFT,
        source=HISTORY.table,
        formula="sum of cnt_instalment_future over the latest row of active contracts",
        within=(0, 300),
    ),
    describe(
        "pos_left_share",
        Unit.SHARE,
        ("Part des échéances restantes", "Share of instalments to come"),
        (
            "La part des échéances qui restent à payer sur les prêts en cours du client.",
            "The share of instalments still to come on the client's running loans.",
        ),
        ratio(_LEFT, HISTORY.total("cnt_instalment", _RUNNING)),
        source=HISTORY.table,
        formula="sum of cnt_instalment_future / sum of cnt_instalment over the latest row of active contracts",
        within=(0, 1.5),
    ),
    describe(
        "pos_longest_left_count",
        Unit.COUNT,
        ("Échéances restantes du plus long prêt", "Instalments to come on the longest loan"),
        (
            "Le plus grand nombre d'échéances qui restent à payer sur un prêt en cours.",
            "The most instalments still to come on any one running loan.",
        ),
        HISTORY.greatest("cnt_instalment_future", _RUNNING),
        source=HISTORY.table,
        formula="greatest cnt_instalment_future over the latest row of active contracts",
        within=(0, 90),
    ),
)

_LATENESS = (
    *(_late_share(months) for months in _SPANS),
    *(_trend(months) for months in _SPANS),
    describe(
        "pos_late_months_ago",
        Unit.MONTHS,
        ("Temps depuis le dernier mois en retard", "Time since the last late month"),
        (
            "Le nombre de mois depuis le dernier retard du client sur un prêt.",
            "How many months ago a loan of the client was last late.",
        ),
        HISTORY.least("age_months", "late"),
        source=HISTORY.table,
        formula="least -months_balance over late rows",
        within=(0, 97),
    ),
    describe(
        "pos_late_6_to_24_months",
        Unit.RATIO,
        ("Retards récents rapportés à ceux de deux ans", "Recent delays against those of two years"),
        (
            "Le retard moyen des six derniers mois, rapporté à celui des deux dernières années.",
            "The mean delay of the last six months, against that of the last two years.",
        ),
        ratio(HISTORY.mean("sk_dpd", "last_6_months"), HISTORY.mean("sk_dpd", "last_24_months")),
        source=HISTORY.table,
        formula="mean sk_dpd over the last 6 months / over the last 24 months",
        within=(0, 24),
    ),
)

FEATURES: tuple[Feature, ...] = (*_CONTRACTS, *_TO_COME, *_LATENESS)
