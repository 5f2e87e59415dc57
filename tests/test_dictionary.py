from __future__ import annotations

import re
import time

import pytest
from django.utils import translation

from applications.selectors.dictionary import Entry, Origin, Wanted, by_importance, entries, find_entry, fold, search
from applications.selectors.importance import Importance, Measure, Weight
from applications.templatetags.formula_words import formula_words
from modelling.features.catalogue import CATALOGUE, LegalStatus
from modelling.features.schema import TABLES

ENGLISH = re.compile(
    r"\b(of|over|rows|the|last|latest|newest|oldest|number|mean|sum|least|greatest|min|max|std|if|else|missing|when|"
    r"days|months|weights|with|whose|instalments|contracts|to|known|each|or|and|by|among|de de)\b"
)


def keys_of(found: tuple[Entry, ...]) -> list[str]:
    return [entry.key for entry in found]


def found_by(text: str) -> list[str]:
    return keys_of(search(entries(), Wanted(text=text)))


def test_every_column_and_every_feature_has_one_entry() -> None:
    keys = keys_of(entries())

    assert len(keys) == len(set(keys))
    assert {(entry.table, entry.name) for entry in entries() if entry.origin is Origin.COLUMN} == {
        (table, column) for table, spec in TABLES.items() for column in spec.column_names
    }
    assert set(CATALOGUE) <= set(keys)


def test_every_entry_is_told_in_both_languages() -> None:
    for entry in entries():
        words = (entry.label.fr, entry.label.en, entry.sentence.fr, entry.sentence.en)
        assert all(words), entry.key


def test_no_formula_is_left_in_english_on_a_french_page() -> None:
    with translation.override("fr"):
        told = {name: formula_words(feature.formula) for name, feature in CATALOGUE.items()}

    english = {name: formula for name, formula in told.items() if ENGLISH.search(re.sub('"[^"]*"', "", formula))}
    assert english == {}, "give each its phrase in applications/templatetags/formula_words.py"


def test_a_formula_is_left_alone_on_an_english_page() -> None:
    with translation.override("en"):
        assert formula_words("mean of debt / credit over active rows") == "mean of debt / credit over active rows"


@pytest.mark.parametrize(
    "text",
    ["ext_source_2", "EXT_SOURCE_2", "score externe 2", "Score Externe 2", "external score 2", "  ext source 2 "],
)
def test_a_name_or_label_finds_its_entry_first(text: str) -> None:
    assert found_by(text)[0] == "ext_source_2"


@pytest.mark.parametrize(("plain", "accented"), [("echeance", "échéance"), ("credit", "CRÉDIT"), ("delai", "délai")])
def test_case_and_accents_do_not_count(plain: str, accented: str) -> None:
    assert found_by(plain) == found_by(accented) != []


def test_every_word_must_begin_a_word_of_the_entry() -> None:
    assert found_by("retard echeance")
    assert set(found_by("retard echeance")) <= set(found_by("retard"))
    assert found_by("cheance") == []
    assert found_by("zzz retard") == []


@pytest.mark.parametrize("text", ["", "   ", "«»", "%", "()", "\\"])
def test_a_text_without_words_leaves_everything(text: str) -> None:
    assert len(found_by(text)) == len(entries())


@pytest.mark.parametrize("table", list(TABLES))
def test_a_table_filters(table: str) -> None:
    found = search(entries(), Wanted(table=table))

    assert {entry.table for entry in found} == {table}
    assert len(found) >= len(TABLES[table].columns)


def test_filters_narrow_together() -> None:
    wanted = Wanted(table="bureau", unit="euros", status=LegalStatus.ADMITTED, origin=Origin.COLUMN)

    assert set(keys_of(search(entries(), wanted))) == {
        f"bureau.{name}" for name in TABLES["bureau"].column_names if name.startswith("amt_")
    }


@pytest.mark.parametrize("name", ["code_gender", "name_family_status", "def_30_cnt_social_circle"])
def test_what_the_law_bars_is_in_the_dictionary_and_called_so(name: str) -> None:
    entry = find_entry(name)

    assert entry is not None
    assert entry.status is LegalStatus.BARRED


def test_keys_and_the_outcome_have_no_legal_status() -> None:
    without = {entry.key for entry in entries() if entry.status is None}

    assert {"target", "sk_id_curr", "bureau_balance.sk_id_bureau"} <= without
    assert all("sk_id" in key or key == "target" for key in without)


def test_a_feature_leads_to_its_columns_and_back() -> None:
    feature = find_entry("bureau_active_annuity_to_income")

    assert feature is not None
    assert set(feature.reads) == {"bureau.amt_annuity", "amt_income_total"}
    for key in feature.reads:
        column = find_entry(key)
        assert column is not None
        assert feature.key in column.read_by


def test_every_link_between_entries_leads_somewhere() -> None:
    for entry in entries():
        assert all(find_entry(key) for key in (*entry.reads, *entry.read_by)), entry.key


def test_a_column_read_as_it_stands_has_the_words_and_range_of_the_feature() -> None:
    entry, feature = find_entry("ext_source_2"), CATALOGUE["ext_source_2"]

    assert entry is not None
    assert (entry.label, entry.low, entry.high, entry.is_opaque) == (feature.label, 0, 1, True)


def test_the_most_important_come_first_and_the_rest_keep_their_order() -> None:
    importance = Importance(
        1, Measure.CONTRIBUTION, 10, {"amt_credit": Weight(0.2, 0.25, 2), "ext_source_2": Weight(0.8, 1, 1)}
    )

    ordered = keys_of(by_importance(entries(), importance))

    assert ordered[:2] == ["ext_source_2", "amt_credit"]
    assert ordered[2:] == [key for key in keys_of(entries()) if key not in {"amt_credit", "ext_source_2"}]
    assert keys_of(by_importance(entries(), None)) == keys_of(entries())


def test_folding_keeps_words_apart() -> None:
    assert fold("L’échéance œuvre_2 !") == " l echeance oeuvre 2"


def test_a_search_takes_a_few_milliseconds() -> None:
    entries()
    started = time.perf_counter()
    search(entries(), Wanted(text="credit"))

    assert time.perf_counter() - started < 0.05
