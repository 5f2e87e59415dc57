"""What earlier applications say of the present one: last outcome, share refused, the loan against past ones."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import ratio
from modelling.features.feature import Feature, Unit, describe
from modelling.features.previous_rows import HISTORY, yearly_interest

_ANNUITY, _CREDIT, _INCOME = pl.col("amt_annuity"), pl.col("amt_credit"), pl.col("amt_income_total")
_TERM = HISTORY.mean("cnt_payment", "approved&last_5")
_DUE = HISTORY.total("amt_annuity", "running")
_LATEST_WORDS = {3: ("trois", "three"), 5: ("cinq", "five"), 10: ("dix", "ten")}
_WINDOW_WORDS = {365: ("un an", "a year"), 720: ("deux ans", "two years"), 1825: ("cinq ans", "five years")}


def _of_last(column: str, name: str, fr: str, en: str) -> Feature:
    return describe(
        f"previous_last_{name}",
        Unit.CATEGORY,
        (f"{fr} de la dernière demande", f"{en} of the last application"),
        (f"{fr} de la dernière demande du client.", f"{en} of the client's last application."),
        HISTORY.word(column, "last_1"),
        source=HISTORY.table,
        formula=f"{column} of the latest row",
    )


def _refused_of_last(count: int) -> Feature:
    fr, en = _LATEST_WORDS[count]
    return describe(
        f"previous_last_{count}_refused_share",
        Unit.SHARE,
        (f"Part de refus parmi les {fr} dernières demandes", f"Share refused of the last {en} applications"),
        (
            f"La part de refus parmi les {fr} dernières demandes du client.",
            f"The share refused of the client's last {en} applications.",
        ),
        HISTORY.share(f"refused&last_{count}", f"last_{count}"),
        source=HISTORY.table,
        formula=f"refused rows / rows, over the latest {count}",
        within=(0, 1),
    )


def _refused_within(days: int) -> Feature:
    fr, en = _WINDOW_WORDS[days]
    return describe(
        f"previous_last_{days}_days_refused_share",
        Unit.SHARE,
        (f"Part de refus depuis {fr}", f"Share refused within {en}"),
        (
            f"La part de refus parmi les demandes du client depuis {fr}.",
            f"The share refused of the client's applications within {en}.",
        ),
        HISTORY.share(f"refused&last_{days}_days", f"last_{days}_days"),
        source=HISTORY.table,
        formula=f"refused rows / rows, over the last {days} days",
        within=(0, 1),
    )


def _days_since(where: str, fr: str, en: str) -> Feature:
    return describe(
        f"previous_{where}_days_ago",
        Unit.DAYS,
        (f"Temps depuis la dernière demande {fr}", f"Time since the last {en} application"),
        (
            f"Le nombre de jours depuis la dernière demande {fr} du client.",
            f"How many days ago the client's last {en} application was decided.",
        ),
        HISTORY.least("decided_days", where),
        source=HISTORY.table,
        formula=f"least -days_decision over {where} rows",
        within=(0, 3000),
    )


_LAST = (
    _of_last("name_contract_status", "status", "Issue", "Outcome"),
    _of_last("code_reject_reason", "reject_reason", "Motif de refus", "Reject reason"),
    _of_last("product_combination", "product", "Produit", "Product"),
    _of_last("name_yield_group", "yield_group", "Niveau de taux", "Rate level"),
    _of_last("name_goods_category", "goods", "Type de bien", "Type of goods"),
)

_AGAINST_PAST = (
    describe(
        "previous_annuity_to_past_mean",
        Unit.RATIO,
        ("Mensualité rapportée à celles d'avant", "Instalment against earlier ones"),
        (
            "La mensualité demandée, rapportée à la moyenne de celles que le client a déjà eues ici.",
            "The instalment asked for, against the mean of those the client has had here.",
        ),
        ratio(_ANNUITY, HISTORY.mean("amt_annuity", "approved")),
        source=HISTORY.table,
        formula="amt_annuity / mean amt_annuity over approved rows",
        within=(0, 50),
    ),
    describe(
        "previous_annuity_to_past_max",
        Unit.RATIO,
        ("Mensualité rapportée à la plus forte d'avant", "Instalment against the highest earlier one"),
        (
            "La mensualité demandée, rapportée à la plus forte que le client a déjà eue ici.",
            "The instalment asked for, against the highest one the client has had here.",
        ),
        ratio(_ANNUITY, HISTORY.greatest("amt_annuity", "approved")),
        source=HISTORY.table,
        formula="amt_annuity / greatest amt_annuity over approved rows",
        within=(0, 50),
    ),
    describe(
        "previous_credit_to_past_mean",
        Unit.RATIO,
        ("Crédit rapporté à ceux d'avant", "Loan against earlier ones"),
        (
            "Le crédit demandé, rapporté à la moyenne de ceux que le client a déjà eus ici.",
            "The loan asked for, against the mean of those the client has had here.",
        ),
        ratio(_CREDIT, HISTORY.mean("amt_credit", "approved")),
        source=HISTORY.table,
        formula="amt_credit / mean amt_credit over approved rows",
        within=(0, 200),
    ),
    describe(
        "previous_credit_to_past_max",
        Unit.RATIO,
        ("Crédit rapporté au plus gros d'avant", "Loan against the biggest earlier one"),
        (
            "Le crédit demandé, rapporté au plus gros que le client a déjà eu ici.",
            "The loan asked for, against the biggest one the client has had here.",
        ),
        ratio(_CREDIT, HISTORY.greatest("amt_credit", "approved")),
        source=HISTORY.table,
        formula="amt_credit / greatest amt_credit over approved rows",
        within=(0, 200),
    ),
    describe(
        "previous_implied_interest",
        Unit.SHARE,
        ("Taux implicite à la durée habituelle", "Implied rate at the usual term"),
        (
            "Le taux d'intérêt qu'aurait ce crédit s'il durait autant que les derniers du client.",
            "The interest rate of this loan if it lasted as long as the client's latest ones.",
        ),
        yearly_interest(_CREDIT, _ANNUITY, _TERM),
        source=HISTORY.table,
        formula="24 · (term · annuity - credit) / (credit · (term + 1)), term = mean cnt_payment of approved "
        "rows among the latest 5",
        within=(-13, 5),
    ),
    describe(
        "previous_due_to_income",
        Unit.SHARE,
        ("Part des mensualités en cours ici dans le revenu", "Instalments running here as a share of income"),
        (
            "La part du revenu que prennent les mensualités des crédits en cours chez nous.",
            "The share of income that instalments of loans running with us take.",
        ),
        ratio(_DUE, _INCOME),
        source=HISTORY.table,
        formula="sum of amt_annuity over running rows / amt_income_total",
        within=(0, 5),
    ),
    describe(
        "previous_left_to_income",
        Unit.RATIO,
        ("Reste à payer ici rapporté au revenu", "Amount left here against income"),
        (
            "Ce que le client doit encore sur ses crédits chez nous, en nombre de revenus.",
            "What the client still owes on loans with us, in so many times the income.",
        ),
        ratio(HISTORY.total("left_to_pay", "running"), _INCOME),
        source=HISTORY.table,
        formula="sum of amt_annuity × months left over running rows / amt_income_total",
        within=(0, 200),
    ),
    describe(
        "previous_granted_beyond_mean",
        Unit.EUROS,
        ("Montant accordé au-delà du demandé", "Amount granted beyond the one asked for"),
        (
            "En moyenne, ce que le client a obtenu de plus que ce qu'il demandait.",
            "On average, how much more the client was granted than asked for.",
        ),
        HISTORY.mean("granted_beyond", "approved"),
        source=HISTORY.table,
        formula="mean of amt_credit - amt_application over approved rows",
        within=(-4e6, 4e6),
    ),
)

FEATURES: tuple[Feature, ...] = (
    *_LAST,
    *_AGAINST_PAST,
    *(_refused_of_last(count) for count in _LATEST_WORDS),
    *(_refused_within(days) for days in _WINDOW_WORDS),
    _days_since("refused", "refusée", "refused"),
    _days_since("approved", "acceptée", "approved"),
)
