from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from applications import audit
from applications.models import Kind, Role, User
from applications.selectors import journal
from tests.factories import ApplicationFactory, UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> User:
    return UserFactory.create(role=Role.AUDITOR, agency=None)


def record(number: int, kind: Kind = Kind.ASSESSMENT_MADE, actor: User | None = None) -> int:
    return audit.record(kind, actor=actor, subject=("application", number), data={"probability": 0.1}).pk


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.ANALYST, Role.MANAGER])
def test_who_may_not_read_the_log_is_told_that_there_is_no_such_page(role: Role) -> None:
    assert browser_of(UserFactory.create(role=role)).get("/journal/").status_code == 404


def test_the_newest_event_comes_first_with_who_and_what(auditor: User) -> None:
    record(1)
    record(2, Kind.DECISION_MADE, actor=auditor)

    response = browser_of(auditor).get("/journal/")

    assert [event.subject_id for event in response.context["page"].events] == ["2", "1"]
    assert auditor.username in text_of(response)
    assert "Décision prise" in text_of(response)


def test_the_log_is_filtered_by_application_and_by_kind(auditor: User) -> None:
    record(1)
    wanted = record(2, Kind.DECISION_MADE)
    record(2)
    browser = browser_of(auditor)

    found = browser.get("/journal/?number=2&kind=decision_made").context["page"].events

    assert [event.pk for event in found] == [wanted]
    assert not browser.get("/journal/?number=77").context["page"].events


@pytest.mark.parametrize("query", ["?number=abc", "?kind=party", "?before=x", "?before=-1", f"?before={10**30}"])
def test_nonsense_in_a_filter_never_fails(auditor: User, query: str) -> None:
    record(1)

    assert browser_of(auditor).get(f"/journal/{query}").status_code == 200


def test_the_log_comes_in_pages_without_counting(
    auditor: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(journal, "PAGE_SIZE", 3)
    events = [record(ApplicationFactory.build().sk_id_curr or 1) for _ in range(5)]
    browser = browser_of(auditor)
    browser.get("/journal/")  # the first page of a session notes its time

    with django_assert_num_queries(3):  # session, person, events
        first = browser.get("/journal/").context["page"]
    second = browser.get(f"/journal/?before={first.next_before}").context["page"]

    assert [event.pk for event in (*first.events, *second.events)] == events[::-1]
    assert second.next_before is None


def test_the_log_cannot_be_changed_from_its_page(auditor: User) -> None:
    assert browser_of(auditor).post("/journal/").status_code == 405
