from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from applications.templatetags import scoring_format, scoring_words
from applications.templatetags.audit_words import event_facts


def spaces(text: str) -> str:
    """Show no-break spaces as plain ones, so that the tables below can be read."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (12345.67, "12 345,67 €", "€12,345.67"),
        (406598.0, "406 598 €", "€406,598"),
        (0, "0 €", "€0"),
        (-1250.5, "−1 250,50 €", "−€1,250.50"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_an_amount_reads_as_in_france_and_as_in_britain(value: float | None, french: str, english: str) -> None:
    with translation.override("fr"):
        assert spaces(scoring_format.euros(value)) == french
    with translation.override("en"):
        assert scoring_format.euros(value) == english


@pytest.mark.parametrize(
    ("share", "french", "english"),
    [(0.081, "8,1 %", "8.1%"), (0.0004, "0,0 %", "0.0%"), (1.0, "100,0 %", "100.0%"), (None, "–", "–")],
)
def test_a_share_reads_as_a_percentage(share: float | None, french: str, english: str) -> None:
    with translation.override("fr"):
        assert spaces(scoring_format.percent(share)) == french
    with translation.override("en"):
        assert scoring_format.percent(share) == english


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(0.618, 2, "+0,62"), (-0.34, 2, "−0,34"), (0.001, 2, "0,00"), (-0.001, 2, "0,00"), (0.0, 2, "0,00")],
)
def test_a_contribution_has_its_sign_unless_it_rounds_to_zero(value: float, decimals: int, expected: str) -> None:
    with translation.override("fr"):
        assert scoring_format.signed(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(16, "16"), (0.57, "0,57"), (1234.5, "1 234,5"), (0.1234567, "0,12"), (0.00321, "0,0032"), (None, "–")],
)
def test_a_bare_number_has_the_decimals_it_needs(value: float | None, expected: str) -> None:
    with translation.override("fr"):
        assert spaces(scoring_format.plain(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(240, "240"), (0.03, "0,0300"), (0.03123, "0,0312"), (12.345, "12,3"), (1234.5, "1 234"), (None, "–")],
)
def test_a_setting_has_three_significant_digits(value: float | None, expected: str) -> None:
    with translation.override("fr"):
        assert spaces(scoring_format.significant(value)) == expected


@pytest.mark.parametrize(
    ("days", "french", "english"),
    [
        (-9461, "25 ans", "25 years"),
        (-637, "1 an 8 mois", "1 year 8 months"),
        (366, "1 an", "1 year"),
        (-61, "2 mois", "2 months"),
        (-1, "1 jour", "1 day"),
        (0, "0 jour", "0 days"),
        (None, "–", "–"),
    ],
)
def test_days_become_years_and_months_and_are_never_negative(days: int | None, french: str, english: str) -> None:
    with translation.override("fr"):
        assert spaces(scoring_format.duration(days)) == french
    with translation.override("en"):
        assert scoring_format.duration(days) == english


@pytest.mark.parametrize(
    ("share", "french", "english"),
    [(0.033, "3,3 points", "3.3 points"), (-0.01, "1,0 point", "1.0 point"), (0.015, "1,5 point", "1.5 points")],
)
def test_a_gap_is_told_in_points_without_its_sign(share: float, french: str, english: str) -> None:
    with translation.override("fr"):
        assert scoring_format.points(share) == french
    with translation.override("en"):
        assert scoring_format.points(share) == english


def test_a_day_and_a_moment_read_as_in_the_country() -> None:
    at = datetime(2026, 11, 21, 13, 32, tzinfo=UTC)

    with translation.override("fr"):
        assert scoring_format.day(at.date()) == "21/11/2026"
        assert scoring_format.moment(at) == "21/11/2026 à 14:32"
    with translation.override("en"):
        assert scoring_format.day(at.date()) == "21 Nov 2026"
        assert scoring_format.moment(at) == "21 Nov 2026 at 14:32"


@pytest.mark.parametrize(
    ("received_on", "expected"),
    [
        (date(2026, 11, 22), "aujourd'hui"),
        (date(2026, 11, 21), "hier"),
        (date(2026, 11, 19), "il y a 3 jours"),
        (date(2026, 7, 1), "il y a 4 mois"),
    ],
)
def test_the_age_of_an_application_is_told_in_words(received_on: date, expected: str) -> None:
    with translation.override("fr"):
        assert spaces(scoring_format.age_in_words(received_on, date(2026, 11, 22))) == expected


def test_an_applications_number_is_grouped() -> None:
    assert spaces(scoring_format.reference(100002)) == "100 002"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (202500.0, "euros", "202 500 €"),
        (0.41, "share", "41,0 %"),
        (2.2, "ratio", "2,20 ×"),
        (1.75, "years", "1 an 9 mois"),
        (-1.75, "years", "−1 an 9 mois"),
        (16.0, "months", "1 an 4 mois"),
        (0.256, "score", "0,26"),
        (1.0, "flag", "Oui"),
        (3.0, "count", "3"),
        (14.0, "hour", "14 h"),
        ("Prêt personnel", "category", "Prêt personnel"),
        (None, "euros", "non renseigné"),
        (float("nan"), "euros", "non renseigné"),
        (3.5, "a unit of tomorrow", "3,5"),
    ],
)
def test_a_value_is_written_in_its_unit(value: float | str | None, unit: str, expected: str) -> None:
    with translation.override("fr"):
        assert spaces(scoring_words.quantity(value, unit)) == expected


@pytest.mark.parametrize(("strength", "word"), [(1, "léger"), (2, "moyen"), (3, "fort"), (4, "très fort")])
def test_a_strength_is_dots_and_a_word(strength: int, word: str) -> None:
    with translation.override("fr"):
        assert scoring_words.strength_word(strength) == word
    assert "●" * strength + "○" * (4 - strength) in scoring_words.dots(strength)


def test_coordinates_ignore_the_readers_language() -> None:
    with translation.override("fr"):
        assert scoring_format.coordinate(12.5) == "12.5"
        assert scoring_format.coordinate(1234.0) == "1234"


def test_the_facts_of_an_event_stand_on_one_line() -> None:
    facts = {"number": 3, "probability": 0.0334906485, "against_advice": True, "unheard_of": 1e-9}

    with translation.override("fr"):
        assert event_facts(facts) == (
            "numéro\u00a0: 3 · probabilité de défaut\u00a0: 0,03349 · contre l’avis\u00a0: oui · "
            "unheard_of\u00a0: 1e-09"
        )
    with translation.override("en"):
        assert event_facts(facts).startswith("number: 3 · probability of default: 0.03349 · against the advice: yes")
