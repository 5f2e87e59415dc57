from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from pytest_django import Settings

from applications.models import Agency, RequestState
from applications.services.assessment import request_assessments
from applications.services.heartbeats import note_heartbeat
from modelling.models import ModelVersion
from tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_seen_yet() -> None:
    cache.delete_many(["heartbeat:interactive", "heartbeat:book", "heartbeat:lab"])


def parts_of(browser: Browser) -> dict[str, dict[str, object]]:
    return {part["name"]: part for part in browser.get("/health/ready").json()["parts"]}


def test_ready_names_each_part_with_its_latency(client: Browser, champion: ModelVersion) -> None:
    for queue in ("interactive", "book", "lab"):
        note_heartbeat(queue)

    response = client.get("/health/ready")

    assert response.status_code == 200
    parts = parts_of(client)
    assert [*parts] == ["database", "migrations", "champion", "features", "broker", "workers", "queue age"]
    assert all(part["up"] and isinstance(part["ms"], float) for part in parts.values())


def test_silent_workers_are_named_and_pages_are_still_served(client: Browser, champion: ModelVersion) -> None:
    note_heartbeat("book")
    note_heartbeat("lab")

    response = client.get("/health/ready")

    assert response.status_code == 200
    workers = parts_of(client)["workers"]
    assert not workers["up"]
    assert workers["problem"] == "no sign of life for 90 s from the worker of: interactive"


def test_without_a_champion_the_site_is_not_ready(client: Browser) -> None:
    assert client.get("/health/ready").status_code == 503


def test_a_champion_that_needs_other_features_is_named_and_pages_are_still_served(
    client: Browser, unfit_champion: ModelVersion
) -> None:
    assert client.get("/health/ready").status_code == 200

    features = parts_of(client)["features"]
    assert not features["up"]
    assert "not computed here: ext_source_of_old. It was trained" in str(features["problem"])


def test_metrics_are_for_whoever_shows_the_token(
    client: Browser, settings: Settings, champion: ModelVersion, agency: Agency
) -> None:
    application = ApplicationFactory.create(agency=agency)
    request_assessments([application.pk], queue="book")
    note_heartbeat("book")
    client.get("/health/live")
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-word"

    told = client.get("/metrics", headers={"Authorization": "Bearer a-word"})

    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    lines = told.content.decode()
    assert "scoring_database_up 1.0" in lines
    assert 'scoring_request_seconds_count{method="GET",route="health/live",status="200"}' in lines
    assert f'scoring_requests{{queue="book",state="{RequestState.QUEUED}"}} 1.0' in lines
    assert 'scoring_worker_heartbeat_seconds{queue="book"}' in lines
