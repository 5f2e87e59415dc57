from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from applications import sources
from applications.errors import UnknownApplicationError
from applications.models import Application, Client
from modelling.features.build import build_features
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from tests.factories import ApplicationFactory
from tests.import_layout import assert_same, import_folder, made_up_tables, write_layout

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(tmp_path: Path) -> Tables:
    import_folder(write_layout(tmp_path))
    return made_up_tables()


def numbers(tables: Tables) -> list[int]:
    return tables.application["sk_id_curr"].to_list()


def second_application(number: int) -> Application:
    client = Client.objects.get(pk=number)
    return ApplicationFactory.create(client=client, sk_id_curr=900_000, received_on="2026-10-01")


def test_the_values_are_those_of_the_files_to_the_last_bit(imported: Tables) -> None:
    assert_same(sources.tables_of(numbers(imported)), imported)


def test_some_applications_bring_their_own_history_alone(imported: Tables) -> None:
    some = numbers(imported)[3:7]

    assert_same(sources.tables_of(some), imported.of_clients(pl.Series(some)))


def test_one_application_is_read_as_it_is_among_all(imported: Tables) -> None:
    together = sources.tables_of(numbers(imported))

    for number in numbers(imported):
        alone, among = sources.tables_of([number]), together.of_clients(pl.Series([number]))
        assert all(getattr(alone, name).equals(getattr(among, name)) for name in TABLES)


@pytest.mark.parametrize("count", [1, 20])
def test_seven_queries_read_however_many_applications(imported: Tables, count: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        sources.tables_of(numbers(imported)[:count])

    assert len(queries) == 7


def test_nothing_asked_for_is_nothing_read(imported: Tables) -> None:
    assert sources.tables_of([]).application.is_empty()


def test_history_carries_the_number_of_the_application_it_is_read_for(imported: Tables) -> None:
    number = int(imported.bureau["sk_id_curr"][0])
    second_application(number)

    bureau = sources.tables_of([900_000]).bureau

    assert set(bureau["sk_id_curr"]) == {900_000}
    assert set(bureau["sk_id_bureau"]) == set(imported.bureau.filter(sk_id_curr=number)["sk_id_bureau"])


def test_each_of_two_applications_of_one_client_has_the_whole_history(imported: Tables) -> None:
    number = int(imported.bureau["sk_id_curr"][0])
    second_application(number)

    together = sources.tables_of([number, 900_000])

    for one in (number, 900_000):
        mine, alone = together.of_clients(pl.Series([one])), sources.tables_of([one])
        built, expected = build_features(mine), build_features(alone)
        assert [getattr(mine, name).height for name in TABLES] == [getattr(alone, name).height for name in TABLES]
        assert built.equals(expected)


def test_an_application_that_does_not_exist_is_named(imported: Tables) -> None:
    with pytest.raises(
        UnknownApplicationError, match=r"Of the 2 applications asked for, 1 do not exist, the first is 5"
    ):
        sources.tables_of([numbers(imported)[0], 5])


def test_ranges_hold_every_application_once_and_as_many_as_asked(imported: Tables) -> None:
    ranges = list(sources.each_range(8))

    assert [sum(number in some for number in numbers(imported)) for some in ranges] == [8, 8, 4]


def test_without_applications_there_is_no_range() -> None:
    assert list(sources.each_range(8)) == []


def test_a_range_gives_the_newest_application_of_each_client(imported: Tables) -> None:
    second_application(numbers(imported)[0])

    (every,) = sources.each_range(100)
    read = sources.tables_of_range(every).application["sk_id_curr"].to_list()

    assert sorted(read) == [*numbers(imported)[1:], 900_000]


def test_what_the_database_refuses_is_djangos_own_error(imported: Tables) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bureau RENAME TO elsewhere")

    with pytest.raises(DatabaseError), transaction.atomic():
        sources.tables_of(numbers(imported))
