"""The person who applies: work, household, possessions, and how old each of these is."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import yes
from modelling.features.feature import Feature, Unit, describe, fact

FEATURES: tuple[Feature, ...] = (
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
        within=(0, 100),
    ),
)
