"""The person's timeline: how long things have lasted, and what that is against the age."""

from __future__ import annotations

import polars as pl

from modelling.features.arithmetic import MISSING_DAYS, MONTHS_A_YEAR, ratio, years_since
from modelling.features.feature import Feature, Unit, describe

_AGE, _EMPLOYED = years_since("days_birth"), years_since("days_employed")
_PHONE = years_since("days_last_phone_change")

FEATURES: tuple[Feature, ...] = (
    describe(
        "age_years",
        Unit.YEARS,
        ("Âge", "Age"),
        ("L'âge du client.", "The client's age."),
        _AGE,
        formula="-days_birth / 365.25",
        within=(18, 100),
    ),
    describe(
        "employment_years",
        Unit.YEARS,
        ("Ancienneté dans l'emploi", "Time in the job"),
        ("Depuis combien de temps le client occupe son emploi.", "How long the client has been in the present job."),
        _EMPLOYED,
        formula="-days_employed / 365.25, missing when not employed",
        within=(0, 60),
    ),
    describe(
        "is_not_employed",
        Unit.FLAG,
        ("Sans emploi salarié", "Not employed"),
        (
            "Indique si le client n'a pas d'emploi, par exemple parce qu'il est à la retraite.",
            "Whether the client has no job, being retired for instance.",
        ),
        pl.col("days_employed") == MISSING_DAYS,
        formula="1 if days_employed = 365243, else 0",
        within=(0, 1),
    ),
    describe(
        "registration_years",
        Unit.YEARS,
        ("Ancienneté de l'inscription", "Time since registration"),
        (
            "Depuis combien de temps le client n'a pas changé son inscription administrative.",
            "How long ago the client last changed the registration.",
        ),
        years_since("days_registration"),
        formula="-days_registration / 365.25",
        within=(0, 80),
    ),
    describe(
        "id_years",
        Unit.YEARS,
        ("Ancienneté de la pièce d'identité", "Age of the identity document"),
        (
            "Depuis combien de temps le client a sa pièce d'identité actuelle.",
            "How long ago the client's identity document was issued.",
        ),
        years_since("days_id_publish"),
        formula="-days_id_publish / 365.25",
        within=(0, 40),
    ),
    describe(
        "phone_change_years",
        Unit.YEARS,
        ("Ancienneté du téléphone", "Time since the last change of phone"),
        (
            "Depuis combien de temps le client n'a pas changé de téléphone.",
            "How long ago the client last changed phone.",
        ),
        _PHONE,
        formula="-days_last_phone_change / 365.25",
        within=(0, 15),
    ),
    describe(
        "age_when_hired_years",
        Unit.YEARS,
        ("Âge à l'embauche", "Age when hired"),
        ("L'âge du client quand il a pris son emploi.", "How old the client was when hired."),
        _AGE - _EMPLOYED,
        formula="age_years - employment_years",
        within=(14, 80),
    ),
    describe(
        "employment_to_age",
        Unit.SHARE,
        ("Part de la vie dans cet emploi", "Share of life in this job"),
        (
            "La part de sa vie que le client a passée dans son emploi actuel.",
            "The share of life the client has spent in the present job.",
        ),
        ratio(_EMPLOYED, _AGE),
        formula="employment_years / age_years",
        within=(0, 1),
    ),
    describe(
        "car_age_to_age",
        Unit.RATIO,
        ("Âge de la voiture rapporté à l'âge", "Car age against age"),
        ("L'âge de la voiture rapporté à celui du client.", "The car's age against the client's."),
        ratio(pl.col("own_car_age"), _AGE),
        formula="own_car_age / age_years",
        within=(0, 3),
    ),
    describe(
        "phone_change_to_age",
        Unit.RATIO,
        ("Ancienneté du téléphone rapportée à l'âge", "Phone against age"),
        (
            "Le temps depuis le dernier changement de téléphone, rapporté à l'âge du client.",
            "Time since the last change of phone against the client's age.",
        ),
        ratio(_PHONE, _AGE),
        formula="phone_change_years / age_years",
        within=(0, 1),
    ),
    describe(
        "age_at_payoff_years",
        Unit.YEARS,
        ("Âge à la fin du crédit", "Age at pay-off"),
        (
            "L'âge qu'aurait le client au dernier remboursement, sans les intérêts.",
            "How old the client would be at the last instalment, without interest.",
        ),
        _AGE + ratio(pl.col("amt_credit"), pl.col("amt_annuity")) / MONTHS_A_YEAR,
        formula="age_years + amt_credit / amt_annuity / 12",
        within=(18, 110),
    ),
)
