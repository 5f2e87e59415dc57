"""Features told of the loans on nearly the same terms, and of the clients who took them; `learnt.loans` tells them."""

from __future__ import annotations

from dataclasses import dataclass

from modelling.features.feature import Feature, Lesson, Unit, Words, describe, told

LENGTH = "credit_to_annuity_months"
_LOAN = ("amt_credit", "amt_annuity")
NEAREST = 200
# Over how many of the nearest loans the share of defaults is taken, by what it is told as.
SHARES = {f"defaults among {loans} similar loans": loans for loans in (60, NEAREST, 1_000)}


@dataclass(frozen=True)
class Mean:
    """The mean of a feature among the clients of the nearest loans. reads: the columns the feature is made of."""

    unit: Unit
    words: Words
    reads: tuple[str, ...]
    within: tuple[float, float]
    opaque: bool = False


def _score(fr: str, en: str, *numbers: int) -> Mean:
    reads = tuple(f"ext_source_{number}" for number in numbers)
    return Mean(Unit.SCORE, Words(f"Score externe {fr}", f"Mean external score{en}"), reads, (0, 1), opaque=True)


MEANS = {
    "ext_source_1": _score("1 moyen", " 1", 1),
    "ext_source_2": _score("2 moyen", " 2", 2),
    "ext_source_3": _score("3 moyen", " 3", 3),
    "ext_source_mean": _score("moyen", "", 1, 2, 3),
    "amt_credit": Mean(Unit.EUROS, Words("Montant moyen du crédit", "Mean amount"), ("amt_credit",), (0, 1e8)),
    "credit_to_goods_price": Mean(
        Unit.RATIO,
        Words("Crédit moyen rapporté au prix du bien", "Mean loan against the price of the goods"),
        ("amt_credit", "amt_goods_price"),
        (0, 100),
    ),
    "employment_years": Mean(
        Unit.YEARS, Words("Ancienneté moyenne dans l'emploi", "Mean time in the job"), ("days_employed",), (0, 60)
    ),
    "phone_change_years": Mean(
        Unit.YEARS,
        Words("Temps moyen depuis le changement de téléphone", "Mean time since the change of phone"),
        ("days_last_phone_change",),
        (0, 60),
    ),
}


def mean_of(feature: str) -> str:
    """Return the name under which the lesson tells the mean of a feature among the nearest loans' clients."""
    return f"{feature} among similar loans"


def _share(name: str, loans: int) -> Feature:
    many = "" if loans == NEAREST else f"_{loans}"
    return describe(
        f"similar_loans{many}_default_share",
        Unit.SHARE,
        (
            f"Impayés parmi les {loans} crédits de conditions les plus proches",
            f"Defaults among the {loans} loans on the nearest terms",
        ),
        (
            f"La part d'impayés parmi les {loans} crédits dont la durée hors intérêts est la plus proche.",
            f"The share of defaults among the {loans} loans whose length without interest is nearest.",
        ),
        told(name),
        formula=f"mean target of the {loans} training clients nearest in amt_credit / amt_annuity",
        within=(0, 1),
        lesson=Lesson.LOANS,
        reads=_LOAN,
    )


def _mean(feature: str, mean: Mean) -> Feature:
    return describe(
        f"similar_loans_{feature}",
        mean.unit,
        (f"{mean.words.fr}, crédits de mêmes conditions", f"{mean.words.en}, loans on the same terms"),
        (
            f"{mean.words.fr} des clients des {NEAREST} crédits dont la durée hors intérêts est la plus proche.",
            f"{mean.words.en} of the clients of the {NEAREST} loans whose length without interest is nearest.",
        ),
        told(mean_of(feature)),
        formula=f"mean {feature} of the {NEAREST} training clients nearest in amt_credit / amt_annuity",
        within=mean.within,
        opaque=mean.opaque,
        lesson=Lesson.LOANS,
        reads=tuple(dict.fromkeys((*mean.reads, *_LOAN))),
    )


FEATURES: tuple[Feature, ...] = (
    *(_share(name, loans) for name, loans in SHARES.items()),
    *(_mean(feature, mean) for feature, mean in MEANS.items()),
)
