from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.management import call_command

from applications.models import Agency, Application, Policy
from applications.selectors.importance import InForce
from applications.selectors.population import (
    FACTS,
    Population,
    current_population,
    features_to_lay_out,
    own_codes,
    population_folder,
    similar_to,
    values_of,
)
from applications.services.population import lay_out_population, likeness_features, renew_population
from modelling import registry
from modelling.features.catalogue import CATALOGUE
from modelling.features.legal import BARRED_COLUMNS, CONTROLLED_COLUMNS, LegalStatus
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory
from tests.pages import assessed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_state")]

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


@pytest.fixture
def book(agency: Agency, champion: ModelVersion, policy: Policy) -> list[Application]:
    facts = [
        (0.26, "Higher education", 0),
        (0.27, None, 1),
        (None, "Higher education", None),
        (0.9, "Lower secondary", 0),
    ]
    return [
        assessed(agency=agency, ext_source_2=score, name_education_type=word, target=target)
        for score, word, target in facts
    ]


def laid_out() -> Population:
    lay_out_population(now=NOW)
    found = current_population()
    assert found is not None
    return found


def test_the_columns_hold_what_each_client_was_assessed_by(book: list[Application], champion: ModelVersion) -> None:
    population = laid_out()

    assert population.columns.numbers.tolist() == [application.pk for application in book]
    assert population.columns.outcomes.tolist() == [0, 1, -1, 0]
    for place, application in enumerate(book):
        own = own_codes(population, values_of(application))
        held = {name: float(population.columns.column(name)[place]) for name in population.features}
        np.testing.assert_array_equal([own[name] for name in held], list(held.values()))


def test_a_column_has_the_values_of_the_file(book: list[Application]) -> None:
    population = laid_out()

    np.testing.assert_array_equal(population.columns.column("ext_source_2"), np.array([0.26, 0.27, np.nan, 0.9], "f4"))
    words = [population.meaning("name_education_type", place) for place in range(4)]
    assert words == ["Higher education", None, "Higher education", "Lower secondary"]


def test_no_barred_feature_is_laid_out(champion: ModelVersion) -> None:
    names = features_to_lay_out(registry.bundle_of(champion))

    assert FACTS
    assert all(CATALOGUE[name].status is not LegalStatus.BARRED for name in names)
    assert not {column for name in names for column in CATALOGUE[name].columns} & BARRED_COLUMNS


def test_no_barred_or_controlled_column_counts_towards_likeness(champion: ModelVersion) -> None:
    names = likeness_features(InForce(champion, registry.bundle_of(champion)))

    assert names
    read = {column for name in names for column in CATALOGUE[name].columns}
    assert not read & (BARRED_COLUMNS | CONTROLLED_COLUMNS)


def test_the_most_similar_client_comes_first_and_never_himself(book: list[Application]) -> None:
    population = laid_out()

    found = similar_to(population, book[0], values_of(book[0]))

    assert len(found.neighbours.places) == 3
    assert 0 not in found.neighbours.places
    assert found.neighbours.places[0] == 1
    assert found.mask.tolist() == [False, True, True, True]


def test_another_application_of_the_same_client_is_not_similar_to_him(book: list[Application]) -> None:
    again = assessed(agency=book[0].agency, client=book[0].client, sk_id_curr=999_999)
    population = laid_out()

    found = similar_to(population, again, values_of(again))

    assert set(population.columns.owners[found.neighbours.places]) == {each.client_id for each in book[1:]}


def test_an_application_that_came_later_still_finds_its_like(book: list[Application]) -> None:
    population = laid_out()
    newcomer = assessed(agency=book[0].agency, ext_source_2=0.9, name_education_type="Lower secondary")

    found = similar_to(population, newcomer, values_of(newcomer))

    assert found.neighbours.places[0] == 3


def test_without_an_assessment_nothing_is_laid_out(db: None) -> None:
    ApplicationFactory.create()

    assert lay_out_population(now=NOW) is None


def _nothing(book: list[Application]) -> None:
    pass


def _one_more(book: list[Application]) -> None:
    assessed(agency=book[0].agency)


@pytest.mark.parametrize(
    ("change", "later", "is_due"),
    [
        (_nothing, timedelta(hours=23), False),
        (_nothing, timedelta(hours=25), True),
        (_one_more, timedelta(), True),
    ],
)
def test_it_is_laid_out_anew_when_it_has_changed_and_once_a_day(
    book: list[Application], change: Callable[[list[Application]], None], later: timedelta, *, is_due: bool
) -> None:
    laid_out()
    change(book)

    assert (renew_population(now=NOW + later) is not None) is is_due


def test_a_reader_keeps_what_he_has_open_while_it_is_laid_out_anew(book: list[Application]) -> None:
    before = laid_out()
    assessed(agency=book[0].agency)

    lay_out_population(now=NOW + timedelta(days=1))

    after = current_population()
    assert after is not None
    assert (len(before), len(after)) == (4, 5)
    assert float(before.columns.column("ext_source_2")[3]) == pytest.approx(0.9)
    assert not before.columns.folder.exists()
    assert len([each for each in population_folder().iterdir() if not each.is_symlink()]) == 1


def test_nobody_but_the_owner_may_read_the_folder(book: list[Application]) -> None:
    folder = laid_out().columns.folder

    assert folder.stat().st_mode & 0o077 == 0


def test_the_command_says_what_it_did(book: list[Application], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lay_out_population")

    assert "features of 4 clients are laid out" in capsys.readouterr().out


def test_the_command_says_when_there_is_nothing_to_do(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lay_out_population")

    assert "No application is assessed" in capsys.readouterr().out
