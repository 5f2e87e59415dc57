"""The catalogue: every feature told in full, and the gate no barred one passes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

import pytest

from modelling.errors import AdmissionError
from modelling.features import catalogue
from modelling.features.catalogue import CATALOGUE, Feature, LegalStatus, Unit, admitted, catalogue_version
from modelling.features.legal import BARRED_COLUMNS, CONTROLLED_COLUMNS
from modelling.features.schema import TABLES

LONGEST_LABEL = 90
FEATURES = tuple(CATALOGUE.values())


def texts(feature: Feature) -> tuple[str, ...]:
    return (feature.label.fr, feature.label.en, feature.sentence.fr, feature.sentence.en)


def names(features: Iterable[Feature]) -> list[str]:
    return [feature.name for feature in features]


def is_neat(text: str) -> bool:
    return text == text.strip() and text[0].isupper() and "  " not in text


def test_every_feature_is_told_in_both_languages() -> None:
    assert names(f for f in FEATURES if not all(is_neat(text) for text in texts(f))) == []
    assert names(f for f in FEATURES if not (f.sentence.fr.endswith(".") and f.sentence.en.endswith("."))) == []
    assert names(f for f in FEATURES if len(f.label.fr) > LONGEST_LABEL or len(f.label.en) > LONGEST_LABEL) == []


def test_french_words_elide_and_contract() -> None:
    hiatus = re.compile(r"\b(la|le|de|que) [aeiouhéèêâîôû]|\b(de|à) (le|les)\b")

    assert names(f for f in FEATURES if hiatus.search(f"{f.label.fr} {f.sentence.fr}")) == []


def test_every_feature_names_a_table_and_a_sensible_range() -> None:
    assert names(f for f in FEATURES if f.source not in TABLES) == []
    assert names(f for f in FEATURES if not re.fullmatch(r"[a-z][a-z0-9_]*", f.name)) == []
    assert names(f for f in FEATURES if f.low is not None and f.high is not None and f.low >= f.high) == []
    assert names(f for f in FEATURES if f.is_category != (f.unit is Unit.CATEGORY)) == []


def test_what_is_derived_from_a_column_is_as_restricted_as_the_column() -> None:
    reading_barred = [f for f in FEATURES if BARRED_COLUMNS & set(f.columns)]
    reading_controlled = [f for f in FEATURES if CONTROLLED_COLUMNS & set(f.columns)]

    assert names(f for f in reading_barred if f.status is not LegalStatus.BARRED) == []
    assert names(f for f in reading_controlled if f.status is LegalStatus.ADMITTED) == []


def test_a_share_is_as_restricted_as_the_column_its_words_stand_in() -> None:
    suites = [feature for feature in FEATURES if feature.name.startswith("previous_suite_")]

    assert {feature.status for feature in suites} == {LegalStatus.CONTROLLED}
    assert all("name_type_suite" in feature.columns for feature in suites)


def test_no_two_features_share_a_label_in_either_language() -> None:
    for labels in ([f.label.fr for f in CATALOGUE.values()], [f.label.en for f in CATALOGUE.values()]):
        assert sorted(label for label in set(labels) if labels.count(label) > 1) == []


def test_sex_family_status_and_social_circle_are_barred() -> None:
    barred = {feature.name for feature in CATALOGUE.values() if feature.status is LegalStatus.BARRED}

    assert barred == BARRED_COLUMNS


@pytest.mark.parametrize("name", ["age_years", "age_when_hired_years", "employment_to_age", "region_rating_client"])
def test_age_and_region_are_off_until_asked_for(name: str) -> None:
    assert name not in admitted()
    assert name in admitted([name])


def test_external_scores_and_what_is_made_of_them_are_opaque() -> None:
    of_scores = {f.name for f in CATALOGUE.values() if any(column.startswith("ext_source") for column in f.columns)}

    assert {f.name for f in CATALOGUE.values() if f.opaque} == of_scores - {"ext_source_missing_count"}


def test_admitted_features_come_in_build_order() -> None:
    order = list(CATALOGUE)

    usable = admitted(["region_rating_client", "age_years"])

    assert list(usable) == sorted(usable, key=order.index)


@pytest.mark.parametrize("name", sorted(BARRED_COLUMNS))
def test_no_reason_admits_a_barred_feature(name: str) -> None:
    with pytest.raises(AdmissionError, match=rf"^Feature '{name}' .* is barred by law"):
        admitted([name])


def test_an_unknown_name_is_not_admitted() -> None:
    with pytest.raises(AdmissionError, match="The catalogue has no feature called 'shoe_size'"):
        admitted(["shoe_size"])


@pytest.mark.parametrize("change", [{"formula": "other"}, {"high": 1e12}, {"status": LegalStatus.BARRED}])
def test_the_version_changes_with_any_entry(monkeypatch: pytest.MonkeyPatch, change: dict[str, object]) -> None:
    before = catalogue_version()
    changed = dataclasses.replace(CATALOGUE["amt_credit"], **change)  # type: ignore[arg-type]  # cases of the table

    monkeypatch.setattr(catalogue, "CATALOGUE", {**CATALOGUE, "amt_credit": changed})
    catalogue_version.cache_clear()

    assert catalogue_version() != before
    monkeypatch.undo()
    catalogue_version.cache_clear()
    assert re.fullmatch(r"[0-9a-f]{12}", catalogue_version())
