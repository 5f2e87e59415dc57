"""The file itself: ways to reach the client, documents given, enquiries at the credit bureau."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import missing_count
from modelling.features.feature import Feature, Unit, describe, fact

_DOCUMENTS = tuple(f"flag_document_{number}" for number in range(2, 22))
_ENQUIRIES = tuple(f"amt_req_credit_bureau_{period}" for period in ("hour", "day", "week", "mon", "qrt", "year"))
_PERIODS = {
    "hour": ("dans l'heure", "in the hour"),
    "day": ("le jour", "on the day"),
    "week": ("la semaine", "in the week"),
    "mon": ("le mois", "in the month"),
    "qrt": ("le trimestre", "in the quarter"),
    "year": ("l'année", "in the year"),
}

_CONTACT = tuple(
    fact(name, Unit.FLAG, label, sentence, within=(0, 1))
    for name, label, sentence in (
        (
            "flag_mobil",
            ("Téléphone mobile donné", "Mobile phone given"),
            ("Indique si le client a donné un numéro de mobile.", "Whether the client gave a mobile number."),
        ),
        (
            "flag_emp_phone",
            ("Téléphone de l'employeur donné", "Employer's phone given"),
            (
                "Indique si le client a donné le numéro de son employeur.",
                "Whether the client gave the employer's number.",
            ),
        ),
        (
            "flag_work_phone",
            ("Téléphone au travail donné", "Work phone given"),
            ("Indique si le client a donné un numéro au travail.", "Whether the client gave a number at work."),
        ),
        (
            "flag_cont_mobile",
            ("Mobile joignable", "Mobile reachable"),
            ("Indique si le mobile du client répondait.", "Whether the client's mobile could be reached."),
        ),
        (
            "flag_phone",
            ("Téléphone fixe donné", "Home phone given"),
            ("Indique si le client a donné un numéro fixe.", "Whether the client gave a home number."),
        ),
        (
            "flag_email",
            ("Adresse électronique donnée", "E-mail given"),
            ("Indique si le client a donné une adresse électronique.", "Whether the client gave an e-mail address."),
        ),
    )
)


def _document(number: int) -> Feature:
    return fact(
        f"flag_document_{number}",
        Unit.FLAG,
        (f"Pièce n° {number} fournie", f"Document {number} given"),
        (f"Indique si le client a fourni la pièce n° {number}.", f"Whether the client gave document {number}."),
        within=(0, 1),
    )


def _enquiries(period: str) -> Feature:
    fr, en = _PERIODS[period]
    return fact(
        f"amt_req_credit_bureau_{period}",
        Unit.COUNT,
        (f"Consultations de la centrale {fr} d'avant", f"Bureau enquiries {en} before"),
        (
            f"Combien de fois un prêteur a consulté la centrale des crédits sur le client {fr} d'avant la demande.",
            f"How often a lender asked the credit bureau about the client {en} before the application.",
        ),
        within=(0, 300),
    )


_COUNTS = (
    describe(
        "documents_count",
        Unit.COUNT,
        ("Pièces fournies", "Documents given"),
        ("Le nombre de pièces que le client a fournies.", "How many documents the client gave."),
        pl.sum_horizontal(_DOCUMENTS),
        formula="sum of flag_document_2 to flag_document_21",
        within=(0, 20),
    ),
    describe(
        "enquiries_count",
        Unit.COUNT,
        ("Consultations de la centrale sur un an", "Bureau enquiries in a year"),
        (
            "Combien de fois un prêteur a consulté la centrale des crédits sur le client en un an.",
            "How often lenders asked the credit bureau about the client within a year.",
        ),
        pl.when(missing_count(_ENQUIRIES) == 0).then(pl.sum_horizontal(_ENQUIRIES)),
        formula="sum of amt_req_credit_bureau_*",
        within=(0, 300),
    ),
)

FEATURES: tuple[Feature, ...] = (
    *_COUNTS,
    *_CONTACT,
    *(_document(number) for number in range(2, 22)),
    *(_enquiries(period) for period in _PERIODS),
)
