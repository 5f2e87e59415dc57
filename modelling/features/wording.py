"""Words for families of features: a noun, a statistic and a scope make a label and a sentence that read well."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from modelling.features.feature import Words


class Statistic(StrEnum):
    """What a family takes of a quantity; the value ends the feature's name."""

    LEAST = "min"
    GREATEST = "max"
    MEAN = "mean"
    TOTAL = "sum"
    DEVIATION = "std"


_MASCULINE = {Statistic.MEAN: "moyen", Statistic.TOTAL: "total"}
_FEMININE = {Statistic.MEAN: "moyenne", Statistic.TOTAL: "totale"}
_ENGLISH = {Statistic.MEAN: "mean", Statistic.TOTAL: "total", Statistic.DEVIATION: "spread of the"}
_EXTREMES = {Statistic.LEAST: 0, Statistic.GREATEST: 1}
ELIDED = "aeiouyhéèêâîôûàœ"  # the nouns of this house with h all elide


@dataclass(frozen=True)
class Degree:
    """How the least and the greatest are called: French masculine and feminine, then English, least first.

    of_rows: in French it is said of the row that has it, "du plus récent des paiements", not of the quantity.
    """

    masculine: tuple[str, str]
    feminine: tuple[str, str]
    english: tuple[str, str]
    of_rows: bool = False


SIZE = Degree(("plus faible", "plus élevé"), ("plus faible", "plus élevée"), ("lowest", "highest"))
LENGTH = Degree(("plus court", "plus long"), ("plus courte", "plus longue"), ("shortest", "longest"))
AGE = Degree(("plus récent", "plus ancien"), ("plus récente", "plus ancienne"), ("lowest", "highest"), of_rows=True)
CLOCK = Degree(("plus matinal", "plus tardif"), ("plus matinale", "plus tardive"), ("earliest", "latest"))


@dataclass(frozen=True)
class Noun:
    """A quantity by its name: a French singular with its gender, an English singular.

    plain: the name says the statistic already ("nombre de prolongations"), so none is put beside it.
    """

    fr: str
    en: str
    feminine: bool = False
    plain: bool = False
    degree: Degree = SIZE

    @property
    def the(self) -> str:
        """Give it with its French article: "le montant", "la dette", "l'échéance"."""
        if self.fr[0] in ELIDED:
            return f"l'{self.fr}"
        return f"la {self.fr}" if self.feminine else f"le {self.fr}"

    @property
    def of_the(self) -> str:
        """Give it after "de": "du montant", "de la dette", "de l'échéance"."""
        return f"du {self.fr}" if self.the.startswith("le ") else f"de {self.the}"

    def in_english(self, statistic: Statistic) -> str:
        """Give it in English with the statistic: "mean debt"."""
        if self.plain:
            return self.en
        word = self.degree.english[_EXTREMES[statistic]] if statistic in _EXTREMES else _ENGLISH[statistic]
        return f"{word} {self.en}"

    def in_french(self, statistic: Statistic, *, of_feminine: bool = False) -> str:
        """Give it in French with the statistic: "dette moyenne", "dette la plus élevée", "dispersion de la dette".

        of_feminine: whether the rows it is taken of are feminine.
        """
        if self.plain:
            return self.fr
        if statistic is Statistic.DEVIATION:
            return f"dispersion {self.of_the}"
        if statistic in _EXTREMES and self.degree.of_rows:
            forms = self.degree.feminine if of_feminine else self.degree.masculine
            return f"{self.fr} {'de la' if of_feminine else 'du'} {forms[_EXTREMES[statistic]]}"
        if statistic in _EXTREMES:
            forms = self.degree.feminine if self.feminine else self.degree.masculine
            return f"{self.fr} {'la' if self.feminine else 'le'} {forms[_EXTREMES[statistic]]}"
        return f"{self.fr} {(_FEMININE if self.feminine else _MASCULINE)[statistic]}"


@dataclass(frozen=True)
class Scope:
    """The rows a family looks at.

    where: the subset of the history; name: what it adds to the feature's name, empty for all rows.
    label, sentence: the rows in words, after "of": "des crédits en cours ailleurs".
    """

    where: str
    name: str
    label: Words
    sentence: Words

    @property
    def is_feminine(self) -> bool:
        """Tell whether the rows are feminine in French."""
        return re.search(r"\b(demandes|échéances)\b", self.label.fr) is not None


def label_of(noun: Noun, statistic: Statistic, scope: Scope) -> tuple[str, str]:
    """Return a label in French and in English: "Dette moyenne des crédits en cours ailleurs"."""
    fr = f"{noun.in_french(statistic, of_feminine=scope.is_feminine)} {scope.label.fr}"
    en = f"{noun.in_english(statistic)} {scope.label.en}"
    return opened(fr), opened(en)


def sentence_of(noun: Noun, statistic: Statistic, scope: Scope) -> tuple[str, str]:
    """Return a sentence in French and in English that says the same aloud."""
    spread = statistic is Statistic.DEVIATION
    article = "la " if spread else noun.the[: -len(noun.fr)]
    fr = f"{article}{noun.in_french(statistic, of_feminine=scope.is_feminine)} {scope.sentence.fr}."
    en = f"the {noun.in_english(statistic)} {scope.sentence.en}."
    return opened(fr), opened(en)


def opened(text: str) -> str:
    """Return the text with a capital first letter, the rest as it is."""
    return text[0].upper() + text[1:]
