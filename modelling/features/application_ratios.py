"""What is derived from the application alone: external scores together, shape of the loan, the person's timeline."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from modelling.features.arithmetic import (
    MISSING_DAYS,
    MONTHS_A_YEAR,
    mean_of,
    missing_count,
    ratio,
    spread_of,
    years_since,
)
from modelling.features.feature import Feature, Unit, describe

_CREDIT, _ANNUITY, _GOODS = pl.col("amt_credit"), pl.col("amt_annuity"), pl.col("amt_goods_price")
_INCOME, _MEMBERS = pl.col("amt_income_total"), pl.col("cnt_fam_members")
_AGE, _EMPLOYED = years_since("days_birth"), years_since("days_employed")
_PHONE = years_since("days_last_phone_change")

_SCORES = ("ext_source_1", "ext_source_2", "ext_source_3")
_DOCUMENTS = tuple(f"flag_document_{number}" for number in range(2, 22))
_ENQUIRIES = tuple(f"amt_req_credit_bureau_{period}" for period in ("hour", "day", "week", "mon", "qrt", "year"))


def _over_scores(
    name: str, label: tuple[str, str], sentence: tuple[str, str], expression: pl.Expr, formula: str
) -> Feature:
    return describe(name, Unit.SCORE, label, sentence, expression, formula=formula, within=(0, 1), opaque=True)


def _pair_product(one: int, other: int) -> Feature:
    return _over_scores(
        f"ext_source_{one}_times_{other}",
        (f"Produit des scores externes {one} et {other}", f"Product of external scores {one} and {other}"),
        (
            f"Les scores externes {one} et {other} multipliés entre eux.",
            f"External scores {one} and {other} multiplied.",
        ),
        pl.col(f"ext_source_{one}") * pl.col(f"ext_source_{other}"),
        f"ext_source_{one} × ext_source_{other}",
    )


_EXTERNAL = (
    _over_scores(
        "ext_source_mean",
        ("Score externe moyen", "Mean external score"),
        ("La moyenne des scores externes connus.", "The mean of the known external scores."),
        mean_of(_SCORES, (1, 1, 1)),
        "mean of the known external scores",
    ),
    _over_scores(
        "ext_source_weighted_mean",
        ("Score externe moyen pondéré", "Weighted mean external score"),
        (
            "La moyenne des scores externes connus, le troisième comptant le plus.",
            "The mean of the known external scores, the third counting most.",
        ),
        mean_of(_SCORES, (2, 1, 3)),
        "mean of the known external scores, weights 2, 1, 3",
    ),
    _over_scores(
        "ext_source_min",
        ("Score externe le plus bas", "Lowest external score"),
        ("Le plus bas des scores externes connus.", "The lowest of the known external scores."),
        pl.min_horizontal(_SCORES),
        "least of the known external scores",
    ),
    _over_scores(
        "ext_source_max",
        ("Score externe le plus haut", "Highest external score"),
        ("Le plus haut des scores externes connus.", "The highest of the known external scores."),
        pl.max_horizontal(_SCORES),
        "greatest of the known external scores",
    ),
    _over_scores(
        "ext_source_std",
        ("Écart entre les scores externes", "Spread of the external scores"),
        ("L'écart-type des scores externes connus.", "The standard deviation of the known external scores."),
        spread_of(_SCORES),
        "standard deviation of the known external scores",
    ),
    _over_scores(
        "ext_source_product",
        ("Produit des scores externes", "Product of the external scores"),
        ("Les trois scores externes multipliés entre eux.", "The three external scores multiplied."),
        pl.col(_SCORES[0]) * pl.col(_SCORES[1]) * pl.col(_SCORES[2]),
        "ext_source_1 × ext_source_2 × ext_source_3",
    ),
    *(_pair_product(one, other) for one, other in combinations((1, 2, 3), 2)),
    describe(
        "ext_source_missing_count",
        Unit.COUNT,
        ("Scores externes manquants", "Missing external scores"),
        (
            "Le nombre de scores externes que le dossier ne donne pas.",
            "How many external scores the file does not give.",
        ),
        missing_count(_SCORES),
        formula="number of missing external scores",
        within=(0, 3),
    ),
)

_LOAN_SHAPE = (
    describe(
        "credit_to_annuity_months",
        Unit.MONTHS,
        ("Durée du crédit hors intérêts", "Loan length without interest"),
        (
            "Le nombre de mensualités qu'il faudrait pour rendre le montant du crédit, sans les intérêts.",
            "How many instalments would pay back the loan amount, without interest.",
        ),
        ratio(_CREDIT, _ANNUITY),
        formula="amt_credit / amt_annuity",
        within=(0, 120),
    ),
    describe(
        "credit_to_income",
        Unit.RATIO,
        ("Crédit rapporté au revenu", "Loan against income"),
        ("Le montant du crédit, en nombre de revenus.", "The loan amount, in so many times the income."),
        ratio(_CREDIT, _INCOME),
        formula="amt_credit / amt_income_total",
        within=(0, 100),
    ),
    describe(
        "annuity_to_income",
        Unit.SHARE,
        ("Part de la mensualité dans le revenu", "Instalment's share of income"),
        ("La part du revenu que prendrait la mensualité.", "The share of income the instalment would take."),
        ratio(_ANNUITY, _INCOME),
        formula="amt_annuity / amt_income_total",
        within=(0, 2),
    ),
    describe(
        "income_after_annuity",
        Unit.EUROS,
        ("Revenu après mensualité", "Income after the instalment"),
        (
            "Ce qui resterait du revenu une fois la mensualité payée.",
            "What would be left of the income once the instalment is paid.",
        ),
        _INCOME - _ANNUITY,
        formula="amt_income_total - amt_annuity",
        within=(-1e6, 1e8),
    ),
    describe(
        "credit_to_goods_price",
        Unit.RATIO,
        ("Crédit rapporté au prix du bien", "Loan against goods price"),
        (
            "Le montant du crédit rapporté au prix du bien financé.",
            "The loan amount against the price of the goods it pays for.",
        ),
        ratio(_CREDIT, _GOODS),
        formula="amt_credit / amt_goods_price",
        within=(0, 6),
    ),
    describe(
        "credit_minus_goods_price",
        Unit.EUROS,
        ("Crédit au-delà du prix du bien", "Loan beyond the goods price"),
        ("Ce que le client emprunte en plus du prix du bien.", "What the client borrows beyond the goods price."),
        _CREDIT - _GOODS,
        formula="amt_credit - amt_goods_price",
        within=(-1e6, 1e6),
    ),
    describe(
        "goods_price_to_income",
        Unit.RATIO,
        ("Prix du bien rapporté au revenu", "Goods price against income"),
        ("Le prix du bien financé, en nombre de revenus.", "The goods price, in so many times the income."),
        ratio(_GOODS, _INCOME),
        formula="amt_goods_price / amt_income_total",
        within=(0, 100),
    ),
    describe(
        "income_per_member",
        Unit.EUROS,
        ("Revenu par personne du foyer", "Income per household member"),
        (
            "Le revenu du client divisé par le nombre de personnes du foyer.",
            "The client's income divided by the number of people in the household.",
        ),
        ratio(_INCOME, _MEMBERS),
        formula="amt_income_total / cnt_fam_members",
        within=(0, 1e8),
    ),
    describe(
        "income_after_annuity_per_member",
        Unit.EUROS,
        ("Revenu après mensualité par personne", "Income after the instalment per person"),
        (
            "Ce qui resterait à chaque personne du foyer une fois la mensualité payée.",
            "What would be left to each household member once the instalment is paid.",
        ),
        ratio(_INCOME - _ANNUITY, _MEMBERS),
        formula="(amt_income_total - amt_annuity) / cnt_fam_members",
        within=(-1e6, 1e8),
    ),
    describe(
        "children_share",
        Unit.SHARE,
        ("Part des enfants dans le foyer", "Children's share of the household"),
        ("La part des enfants parmi les personnes du foyer.", "The share of children in the household."),
        ratio(pl.col("cnt_children"), _MEMBERS),
        formula="cnt_children / cnt_fam_members",
        within=(0, 1),
    ),
)

_TIMELINE = (
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
        _AGE + ratio(_CREDIT, _ANNUITY) / MONTHS_A_YEAR,
        formula="age_years + amt_credit / amt_annuity / 12",
        within=(18, 110),
    ),
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
            "Le nombre de fois où un prêteur a consulté la centrale des crédits sur le client en un an.",
            "How often lenders asked the credit bureau about the client within a year.",
        ),
        pl.when(missing_count(_ENQUIRIES) == 0).then(pl.sum_horizontal(_ENQUIRIES)),
        formula="sum of amt_req_credit_bureau_*",
        within=(0, 300),
    ),
)

FEATURES: tuple[Feature, ...] = (*_EXTERNAL, *_LOAN_SHAPE, *_TIMELINE)
