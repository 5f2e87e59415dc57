"""Every feature the lab knows, in build order, and the gate a model's features pass through."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from modelling.errors import AdmissionError, gettext_noop
from modelling.features import application, bureau, credit_card, instalments, lessons, pos_cash, previous_loans
from modelling.features.feature import Feature, Lesson, Unit, Words
from modelling.features.legal import LegalStatus

__all__ = ["CATALOGUE", "Feature", "LegalStatus", "Unit", "Words", "admitted", "catalogue_version"]


def _assemble(*groups: Iterable[Feature]) -> Mapping[str, Feature]:
    catalogue: dict[str, Feature] = {}
    for feature in (feature for group in groups for feature in group):
        if feature.name in catalogue:
            raise ValueError(f"Two features are called {feature.name!r}; each needs its own name.")
        catalogue[feature.name] = feature
    return MappingProxyType(catalogue)


CATALOGUE: Mapping[str, Feature] = _assemble(
    application.FEATURES,
    bureau.FEATURES,
    previous_loans.FEATURES,
    pos_cash.FEATURES,
    instalments.FEATURES,
    credit_card.FEATURES,
    lessons.FEATURES,
)
# Named, not imported: the kernel takes a second to import, and telling the version needs only its text.
_PREPARING = (
    "arithmetic",
    "history",
    "aggregates",
    "kernel",
    "runs",
    "ordering",
    "bureau_months",
    "bureau_rows",
    "previous_rows",
    "pos_rows",
    "payment_rows",
    "instalment_rows",
    "card_rows",
)


@cache
def catalogue_version() -> str:
    """Return a digest of 12 hexadecimal digits that changes with any word, status or formula of any feature.

    It covers the entries, their expressions, and the code that prepares the rows those look at.
    """
    entries = [[*_told(feature), str(feature.expression)] for feature in CATALOGUE.values()]
    sources = [Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8") for module in _PREPARING]
    text = json.dumps([entries, sources], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def admitted(controlled: Collection[str] = (), lessons: Collection[Lesson] = ()) -> tuple[str, ...]:
    """Return the names a model may use, in build order: the admitted ones and these controlled ones.

    controlled: names a named person switched on with a reason; an admitted name among them changes nothing.
    lessons: that the population teaches; features that need another are left out.
    Raises AdmissionError for a name that is barred or that the catalogue lacks.
    """
    if isinstance(controlled, str):
        controlled = (controlled,)
    for name in controlled:
        _require_usable(name)
    return tuple(
        feature.name
        for feature in CATALOGUE.values()
        if (feature.status is LegalStatus.ADMITTED or feature.name in controlled)
        and (feature.lesson is None or feature.lesson in lessons)
    )


def _require_usable(name: str) -> None:
    feature = CATALOGUE.get(name)
    if feature is None:
        raise AdmissionError(
            gettext_noop("The catalogue has no feature called '{name}'; take a name it lists."), name=name
        )
    if feature.status is LegalStatus.BARRED:
        raise AdmissionError(
            gettext_noop("Feature '{name}' ({label}) is barred by law: no reason admits it to a model. Leave it out."),
            name=name,
            label=feature.label.en,
        )


def _told(feature: Feature) -> list[object]:
    names = (name for name in feature.__dataclass_fields__ if name not in {"expression", "label", "sentence"})
    words = [feature.label.fr, feature.label.en, feature.sentence.fr, feature.sentence.en]
    return [*(getattr(feature, name) for name in names), *words]
