from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from applications.models import Agency, Stage, User
from tests.factories import AgencyFactory, ApplicationFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(advisor: User) -> Browser:
    return browser_of(advisor)


def test_searching_a_whole_number_opens_the_application(browser: Browser, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency)

    response = browser.get("/applications/find", {"number": f" {application.pk} "})

    assert (response.status_code, response.headers["Location"]) == (302, f"/applications/{application.pk}")


@pytest.mark.parametrize("text", ["12", "abc", "", "9" * 40, "-1", "½"])
def test_searching_anything_else_shows_the_list(browser: Browser, text: str) -> None:
    response = browser.get("/applications/find", {"number": text})

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/applications/?number=")


def test_searching_a_foreign_number_does_not_open_it(browser: Browser) -> None:
    foreign = ApplicationFactory.create(agency=AgencyFactory.create())

    response = browser.get("/applications/find", {"number": str(foreign.pk)})

    assert response.headers["Location"] == f"/applications/?number={foreign.pk}"


def test_the_next_to_decide_is_the_oldest_the_person_may_see(browser: Browser, agency: Agency) -> None:
    today = timezone.localdate()
    to_decide = {"stage": Stage.TO_DECIDE, "agency": agency}
    ApplicationFactory.create(**to_decide, received_on=today)
    oldest = ApplicationFactory.create(**to_decide, received_on=today - timedelta(days=3))
    ApplicationFactory.create(agency=agency, stage=Stage.ACCEPTED, received_on=today - timedelta(days=9))
    ApplicationFactory.create(
        agency=AgencyFactory.create(), stage=Stage.TO_DECIDE, received_on=today - timedelta(days=9)
    )

    assert browser.get("/applications/next").headers["Location"] == f"/applications/{oldest.pk}"


def test_when_nothing_is_to_decide_a_sentence_says_so(browser: Browser) -> None:
    response = browser.get("/applications/next", follow=True)

    assert response.redirect_chain == [("/applications/", 302)]
    assert "décision" in text_of(response)
