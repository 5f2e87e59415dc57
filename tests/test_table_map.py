from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries

from applications.charts.table_map import BOX_HEIGHT, BOX_WIDTH, TableDrawing, draw_tables
from applications.models import User
from applications.selectors.table_map import CLIENT, Relation, relations, table_counts, table_facts
from applications.services.tallies import count_everything
from modelling.features.schema import TABLES
from tests.factories import ApplicationFactory, BureauCreditFactory
from tests.pages import browser_of, text_of


@pytest.fixture
def drawing() -> TableDrawing:
    return draw_tables(table_facts({}), relations())


def ends_of(path: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Give where a path begins and where it ends."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    return (numbers[0], numbers[1]), (numbers[-1], numbers[-2])


def test_the_relations_are_those_of_the_models() -> None:
    certain = {(each.parent, each.child, each.column) for each in relations() if each.is_certain}
    likely = {(each.parent, each.child, each.column) for each in relations() if not each.is_certain}

    assert certain == {
        (CLIENT, "application", "client_id"),
        ("bureau", "bureau_balance", "sk_id_bureau"),
        *((CLIENT, table, "sk_id_curr") for table, spec in TABLES.items() if spec.parent == "application"),
    }
    assert likely == {
        ("previous_application", table, "sk_id_prev")
        for table in ("pos_cash_balance", "installments_payments", "credit_card_balance")
    }
    assert all(each.is_many for each in relations())


def test_every_table_names_its_parent_in_the_map() -> None:
    for table, spec in TABLES.items():
        if spec.parent == "bureau":
            assert ("bureau", spec.parent_key) in {(r.parent, r.column) for r in relations() if r.child == table}


def test_each_table_has_one_box_and_no_two_touch(drawing: TableDrawing) -> None:
    assert [box.table.name for box in drawing.boxes] == [CLIENT, *TABLES]
    for one, other in combinations(drawing.boxes, 2):
        assert abs(one.x - other.x) >= BOX_WIDTH or abs(one.y - other.y) >= BOX_HEIGHT


def test_every_box_lies_in_the_drawing(drawing: TableDrawing) -> None:
    for box in drawing.boxes:
        assert 0 <= box.x <= drawing.width - BOX_WIDTH
        assert 0 <= box.y <= drawing.height - BOX_HEIGHT


def test_a_line_runs_from_the_table_named_to_the_table_naming(drawing: TableDrawing) -> None:
    boxes = {box.table.name: box for box in drawing.boxes}
    for line in drawing.lines:
        (from_x, from_y), (to_x, _) = ends_of(line.path)
        parent, child = boxes[line.relation.parent], boxes[line.relation.child]
        assert (from_x, from_y) == pytest.approx((parent.x + BOX_WIDTH, parent.y + BOX_HEIGHT / 2), abs=0.1)
        assert to_x == pytest.approx(child.x, abs=0.1)
        assert child.y < line.words_y < child.y + BOX_HEIGHT


def test_words_of_lines_to_one_table_stand_apart(drawing: TableDrawing) -> None:
    for table in TABLES:
        heights = sorted(line.words_y for line in drawing.lines if line.relation.child == table)
        assert all(lower - upper > 14 for upper, lower in pairwise(heights))


def test_a_line_that_skips_a_layer_passes_beside_the_tables_in_it(drawing: TableDrawing) -> None:
    middle = {box.y for box in drawing.boxes if box.table.name in {"application", "bureau", "previous_application"}}
    for line in drawing.lines:
        lanes = [float(y) for y in re.findall(r"([\d.]+) H", line.path)[:-1]]
        assert all(not y <= lane <= y + BOX_HEIGHT for lane in lanes for y in middle)


def test_tables_in_a_circle_cannot_be_drawn() -> None:
    import networkx as nx

    circle = (
        Relation("a", "b", "x", is_many=True, is_certain=True),
        Relation("b", "a", "x", is_many=True, is_certain=True),
    )

    with pytest.raises(nx.NetworkXUnfeasible):
        draw_tables((), circle)


@pytest.mark.django_db
def test_counts_give_shares_of_clients_and_rows_a_client() -> None:
    first, _second = ApplicationFactory.create(), ApplicationFactory.create()
    for _ in range(3):
        BureauCreditFactory.create(client=first.client)
    count_everything()

    counts = table_counts()

    assert (counts["bureau"].rows, counts["bureau"].share, counts["bureau"].rows_a_client) == (3, 0.5, 3.0)
    assert (counts["pos_cash_balance"].share, counts["pos_cash_balance"].rows_a_client) == (0.0, None)


@pytest.mark.django_db
def test_every_role_reads_the_map_and_nobody_else(anyone: User, client: Browser) -> None:
    assert browser_of(anyone).get("/tables/").status_code == 200
    assert client.get("/tables/").headers["Location"].startswith("/login?next=")
    assert browser_of(anyone).post("/tables/").status_code == 405


@pytest.mark.django_db
def test_each_table_leads_to_its_columns(advisor: User) -> None:
    browser = browser_of(advisor)

    page = browser.get("/tables/").content.decode()

    for table, spec in TABLES.items():
        assert f'href="/dictionary/?table={table}"' in page
        found = browser.get(f"/dictionary/?table={table}&origin=column")
        assert found.context["page"].paginator.count == len(spec.columns)


@pytest.mark.django_db
def test_the_map_says_whether_it_was_counted_and_when(advisor: User) -> None:
    browser = browser_of(advisor)
    assert "premier comptage" in text_of(browser.get("/tables/"))

    ApplicationFactory.create(agency=advisor.agency)
    count_everything()

    text = text_of(browser.get("/tables/"))
    assert "1 lignes · 100 % des clients" in text
    assert "comptés exactement" in text


@pytest.mark.django_db
def test_the_map_takes_the_same_queries_counted_or_not(
    advisor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = browser_of(advisor)
    browser.get("/tables/")
    for _ in range(2):
        with django_assert_num_queries(4):  # session, person, counts, agency
            browser.get("/tables/")
        count_everything()
