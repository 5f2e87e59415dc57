"""The columns of the application that are features as they stand, with their words."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import yes
from modelling.features.feature import Feature, Unit, describe, fact

_LOAN = (
    fact(
        "name_contract_type",
        Unit.CATEGORY,
        ("Type de crédit", "Type of loan"),
        ("Le type de crédit demandé.", "The type of loan asked for."),
    ),
    fact(
        "amt_credit",
        Unit.EUROS,
        ("Montant du crédit", "Loan amount"),
        ("Le montant du crédit demandé.", "The amount of the loan asked for."),
        within=(0, 1e7),
    ),
    fact(
        "amt_annuity",
        Unit.EUROS,
        ("Mensualité", "Monthly instalment"),
        ("La mensualité du crédit demandé.", "The monthly instalment of the loan asked for."),
        within=(0, 1e6),
    ),
    fact(
        "amt_goods_price",
        Unit.EUROS,
        ("Prix du bien financé", "Price of the goods"),
        ("Le prix du bien que le crédit doit financer.", "The price of the goods the loan is to pay for."),
        within=(0, 1e7),
    ),
    fact(
        "weekday_appr_process_start",
        Unit.CATEGORY,
        ("Jour de la demande", "Day of the application"),
        ("Le jour de la semaine où la demande a été faite.", "The day of the week the application was made."),
    ),
    fact(
        "hour_appr_process_start",
        Unit.HOUR,
        ("Heure de la demande", "Hour of the application"),
        ("L'heure à laquelle la demande a été faite.", "The hour the application was made."),
        within=(0, 23),
    ),
)

_PERSON = (
    fact("code_gender", Unit.CATEGORY, ("Sexe", "Sex"), ("Le sexe du client.", "The client's sex.")),
    fact(
        "name_family_status",
        Unit.CATEGORY,
        ("Situation de famille", "Family status"),
        ("La situation de famille du client.", "The client's family status."),
    ),
    fact(
        "cnt_children",
        Unit.COUNT,
        ("Enfants à charge", "Children"),
        ("Le nombre d'enfants du client.", "How many children the client has."),
        within=(0, 20),
    ),
    fact(
        "cnt_fam_members",
        Unit.COUNT,
        ("Personnes au foyer", "People in the household"),
        ("Le nombre de personnes dans le foyer du client.", "How many people live in the client's household."),
        within=(1, 22),
    ),
    fact(
        "amt_income_total",
        Unit.EUROS,
        ("Revenu", "Income"),
        ("Le revenu déclaré par le client.", "The income the client declared."),
        within=(0, 1e8),
    ),
    # Being on maternity leave may not count against anyone (loi 2008-496): it reads as the work it is a leave from.
    describe(
        "name_income_type",
        Unit.CATEGORY,
        ("Source de revenu", "Source of income"),
        ("D'où vient le revenu du client.", "Where the client's income comes from."),
        pl.col("name_income_type").replace("Maternity leave", "Working"),
        formula="name_income_type, maternity leave read as working",
    ),
    fact(
        "name_education_type",
        Unit.CATEGORY,
        ("Niveau d'études", "Education"),
        ("Le plus haut niveau d'études du client.", "The client's highest level of education."),
    ),
    fact(
        "occupation_type", Unit.CATEGORY, ("Métier", "Occupation"), ("Le métier du client.", "The client's occupation.")
    ),
    fact(
        "organization_type",
        Unit.CATEGORY,
        ("Secteur de l'employeur", "Employer's sector"),
        ("Le secteur d'activité de l'employeur du client.", "The sector of the client's employer."),
    ),
    fact(
        "name_housing_type",
        Unit.CATEGORY,
        ("Situation de logement", "Housing"),
        ("La façon dont le client est logé.", "How the client is housed."),
    ),
    fact(
        "name_type_suite",
        Unit.CATEGORY,
        ("Accompagnement lors de la demande", "Company at the application"),
        ("La personne qui accompagnait le client lors de la demande.", "Who came with the client to apply."),
    ),
    describe(
        "flag_own_car",
        Unit.FLAG,
        ("Possède une voiture", "Owns a car"),
        ("Indique si le client possède une voiture.", "Whether the client owns a car."),
        yes("flag_own_car"),
        formula="1 if flag_own_car = Y, 0 if N",
        within=(0, 1),
    ),
    describe(
        "flag_own_realty",
        Unit.FLAG,
        ("Propriétaire d'un logement", "Owns a home"),
        ("Indique si le client possède un logement.", "Whether the client owns a house or a flat."),
        yes("flag_own_realty"),
        formula="1 if flag_own_realty = Y, 0 if N",
        within=(0, 1),
    ),
    fact(
        "own_car_age",
        Unit.YEARS,
        ("Âge de la voiture", "Age of the car"),
        ("L'âge de la voiture du client.", "How old the client's car is."),
        within=(0, 65),
    ),
)

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

_PLACE = (
    fact(
        "region_population_relative",
        Unit.SCORE,
        ("Population de la région", "Population of the region"),
        (
            "La population de la région du client, sur une échelle commune à toutes les régions.",
            "The population of the client's region, on a scale common to all regions.",
        ),
        within=(0, 1),
    ),
    fact(
        "region_rating_client",
        Unit.SCORE,
        ("Note de la région", "Rating of the region"),
        ("La note, de 1 à 3, de la région où vit le client.", "The rating, 1 to 3, of the region the client lives in."),
        within=(1, 3),
    ),
    fact(
        "region_rating_client_w_city",
        Unit.SCORE,
        ("Note de la région et de la ville", "Rating of region and city"),
        (
            "La note, de 1 à 3, de la région et de la ville où vit le client.",
            "The rating, 1 to 3, of the region and city the client lives in.",
        ),
        within=(-1, 3),
    ),
)

_ADDRESSES = {
    "reg": (("adresse officielle", "permanent address"), ("L'adresse officielle", "The permanent address")),
    "live": (("adresse de contact", "contact address"), ("L'adresse de contact", "The contact address")),
    "work": (("lieu de travail", "workplace"), ("Le lieu de travail", "The workplace")),
}
_AREAS = {"region": ("région", "region"), "city": ("ville", "city")}


def _address_gap(one: str, area: str, other: str) -> Feature:
    ((_, _), (one_fr, one_en)), ((other_fr, other_en), _) = _ADDRESSES[one], _ADDRESSES[other]
    fr, en = _AREAS[area]
    short = {"reg": ("Adresse officielle", "Permanent address"), "live": ("Adresse de contact", "Contact address")}[one]
    article = "le " if other == "work" else "l'"
    return fact(
        f"{one}_{area}_not_{other}_{area}",
        Unit.FLAG,
        (f"{short[0]} et {other_fr} dans une autre {fr}", f"{short[1]} and {other_en} in another {en}"),
        (
            f"Indique si {one_fr[0].lower()}{one_fr[1:]} et {article}{other_fr} sont dans deux {fr}s différentes.",
            f"Whether {one_en[0].lower()}{one_en[1:]} and the {other_en} are in two different "
            f"{'cities' if area == 'city' else 'regions'}.",
        ),
        within=(0, 1),
    )


_GAPS = tuple(
    _address_gap(one, area, other)
    for area in _AREAS
    for one, other in (("reg", "live"), ("reg", "work"), ("live", "work"))
)


def _external_score(number: int) -> Feature:
    return fact(
        f"ext_source_{number}",
        Unit.SCORE,
        (f"Score externe {number}", f"External score {number}"),
        (f"Le score externe numéro {number}, de 0 à 1.", f"External score number {number}, from 0 to 1."),
        within=(0, 1),
        opaque=True,
    )


def _circle(column: str, days: int) -> Feature:
    late = column == "def"
    return fact(
        f"{column}_{days}_cnt_social_circle",
        Unit.COUNT,
        (
            f"Entourage : {'défauts' if late else 'retards observables'} à {days} jours",
            f"Social circle: {'defaults' if late else 'observations'} at {days} days",
        ),
        (
            f"Le nombre de personnes de l'entourage {'en défaut' if late else 'observées'} à {days} jours.",
            f"How many people around the client {'defaulted' if late else 'were observed'} at {days} days.",
        ),
        within=(0, 400),
    )


def _document(number: int) -> Feature:
    return fact(
        f"flag_document_{number}",
        Unit.FLAG,
        (f"Pièce n° {number} fournie", f"Document {number} given"),
        (f"Indique si le client a fourni la pièce n° {number}.", f"Whether the client gave document {number}."),
        within=(0, 1),
    )


_PERIODS = {
    "hour": ("dans l'heure", "in the hour"),
    "day": ("le jour", "on the day"),
    "week": ("la semaine", "in the week"),
    "mon": ("le mois", "in the month"),
    "qrt": ("le trimestre", "in the quarter"),
    "year": ("l'année", "in the year"),
}


def _enquiries(period: str) -> Feature:
    fr, en = _PERIODS[period]
    return fact(
        f"amt_req_credit_bureau_{period}",
        Unit.COUNT,
        (f"Consultations de la centrale {fr} d'avant", f"Bureau enquiries {en} before"),
        (
            f"Le nombre de fois où un prêteur a consulté la centrale des crédits sur le client {fr} d'avant la demande.",
            f"How often a lender asked the credit bureau about the client {en} before the application.",
        ),
        within=(0, 300),
    )


FEATURES: tuple[Feature, ...] = (
    *_LOAN,
    *_PERSON,
    *_CONTACT,
    *_PLACE,
    *_GAPS,
    *(_external_score(number) for number in (1, 2, 3)),
    *(_circle(column, days) for days in (30, 60) for column in ("obs", "def")),
    *(_document(number) for number in range(2, 22)),
    *(_enquiries(period) for period in _PERIODS),
)
