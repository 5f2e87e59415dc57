from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from applications.access import ALLOWED, Action
from applications.models import Role, User
from modelling.models import ModelVersion, TrainingRun
from modelling.trainings import close_lost_runs
from tests.factories import UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

PAGE = "/model/trainings/"
HALF = {"features": 10.0, "fold 1 of 4": 20.0, "fold 2 of 4": 30.5, "fold 3 of 4": 41.0}


@pytest.fixture
def browser() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST))


def test_the_page_is_there_for_its_roles_and_for_no_other(anyone: User) -> None:
    response = browser_of(anyone).get(PAGE)

    assert (response.status_code == 404) is (Action.READ_MODELS not in ALLOWED[Role(anyone.role)])
    assert browser_of(anyone).post(PAGE).status_code == 405


def test_one_under_way_says_how_far_it_is_and_is_asked_for_again(browser: Browser) -> None:
    TrainingRun.objects.create(snapshot_name="autumn", seed=7, figures=HALF)

    response = browser.get(PAGE)

    assert "50 % · pli 3 sur 4" in text_of(response)
    assert 'hx-trigger="every 2s"' in response.content.decode()
    rows = browser.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in rows
    assert "pli 3 sur 4" in rows


def test_one_that_ended_is_asked_for_no_more_and_leads_to_its_version(
    browser: Browser, champion: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for seed in range(3):
        TrainingRun.objects.create(
            snapshot_name="autumn",
            seed=seed,
            state=TrainingRun.State.DONE,
            finished_at=timezone.now(),
            version=champion,
            figures={**HALF, "fold 4 of 4": 50, "final booster": 60, "report": 65, "fairness": 80},
        )
    browser.get(PAGE)

    # Session, person, agency; the trainings with their versions.
    with django_assert_num_queries(4):
        response = browser.get(PAGE)

    page = response.content.decode()
    assert "hx-get" not in page
    assert 'href="/model/versions/1/"' in page
    assert "équité mesurée" in text_of(response)


def test_one_whose_process_was_killed_is_told_as_failed_and_why(browser: Browser) -> None:
    TrainingRun.objects.create(snapshot_name="autumn", seed=7, figures=HALF, backend_pid=-1)

    close_lost_runs()

    text = text_of(browser.get(PAGE))
    assert "The process ended before its work was done" in text
    assert "50 % ·" not in text


def test_no_training_yet_is_said(browser: Browser) -> None:
    assert "train_model" in text_of(browser.get(PAGE))
