from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from applications.models import Agency, Policy, Stage
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, ApplicationFactory
from tests.pages import assessed, text_of

pytestmark = pytest.mark.django_db


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


def test_what_the_model_would_not_grant_comes_first_then_the_others(
    browser: Browser, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    scores = {"grant": 0.99, "refuse": 0.01}
    today = timezone.localdate()
    waiting = {
        (days, advice): assessed(
            agency=agency,
            ext_source_2=scores[advice],
            ext_source_3=scores[advice],
            received_on=today - timedelta(days=days),
        ).pk
        for days, advice in ((9, "grant"), (5, "refuse"), (7, "refuse"), (3, "grant"))
    }
    in_turn = [waiting[7, "refuse"], waiting[5, "refuse"], waiting[9, "grant"], waiting[3, "grant"]]

    opened, after = [], ""
    for _turn in range(5):
        address = browser.get(f"/applications/next?after={after}").headers["Location"]
        after = address.rsplit("/", 1)[1]
        opened.append(int(after))

    assert opened == [*in_turn, in_turn[0]]


@pytest.mark.parametrize("after", ["nonsense", "-1", "9" * 30, "1"])
def test_whatever_the_next_is_asked_after_the_queue_begins_again(browser: Browser, agency: Agency, after: str) -> None:
    waiting = ApplicationFactory.create(agency=agency, stage=Stage.TO_DECIDE)

    assert browser.get(f"/applications/next?after={after}").headers["Location"] == f"/applications/{waiting.pk}"


def test_after_the_only_one_there_is_no_next(browser: Browser, agency: Agency) -> None:
    waiting = ApplicationFactory.create(agency=agency, stage=Stage.TO_DECIDE)

    assert browser.get(f"/applications/next?after={waiting.pk}").headers["Location"] == "/applications/"


def test_when_nothing_is_to_decide_a_sentence_says_so(browser: Browser) -> None:
    response = browser.get("/applications/next", follow=True)

    assert response.redirect_chain == [("/applications/", 302)]
    assert "décision" in text_of(response)
