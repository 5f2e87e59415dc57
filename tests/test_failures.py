"""What people and programs are told when something fails, or when what the site stands on is away."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
import pytest
from django.conf import settings as site_settings
from django.core.cache import cache, caches
from django.db import OperationalError, connection
from django.test import Client as Browser
from pytest_django import Settings
from redis.exceptions import RedisError

from applications import silence
from applications.errors import DATABASE_AWAY
from applications.models import Agency, Role, User
from applications.selectors.queues import messages_in
from applications.services.health import check_parts
from applications.services.heartbeats import note_heartbeat
from applications.tasks import enqueue
from tests.factories import PASSWORD, ApplicationFactory, UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("applications.views.listing.listing.desk_of", fail)
    monkeypatch.setattr("applications.api.views.applications.visible_applications", fail)


def told(person: User, address: str) -> Any:
    browser = browser_of(person)
    browser.raise_request_exception = False
    return browser.get(address)


def forget_the_cache() -> None:
    """Have the settings of the cache read again."""
    caches["default"].close()
    del caches["default"]


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the cache and the broker be looked for where nothing listens."""
    nowhere = "redis://127.0.0.1:1/0"
    monkeypatch.setitem(site_settings.CACHES["default"], "LOCATION", nowhere)
    monkeypatch.setattr(site_settings, "CELERY_BROKER_URL", nowhere)
    forget_the_cache()
    yield
    monkeypatch.undo()
    forget_the_cache()


@pytest.mark.parametrize("error", DATABASE_AWAY)
def test_a_database_that_is_away_is_told_as_such_and_worth_another_try(
    advisor: User, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    failing(monkeypatch, error("the connection is closed: SECRET"))

    response = told(advisor, "/applications/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "La base de données ne répond pas" in text_of(response)
    assert "SECRET" not in response.content.decode()


@pytest.mark.parametrize("error", [OperationalError("gone"), RuntimeError("wrong")])
def test_the_page_of_a_failure_needs_no_other_file_and_may_show_its_own_style(
    advisor: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failing(monkeypatch, error)

    response = told(advisor, "/applications/")

    page = response.content.decode()
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response.headers["Content-Security-Policy"]
    assert re.findall(r'(?:src|href)="(.*?)"', page) == ["/"]


@pytest.mark.parametrize(
    ("error", "status"),
    [*[(error("the connection is closed: SECRET"), 503) for error in DATABASE_AWAY], (RuntimeError("SECRET"), 500)],
)
def test_programs_are_told_a_problem(
    advisor: User, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    failing(monkeypatch, error)

    response = told(advisor, "/api/v1/applications")

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert "SECRET" not in str(problem)


def test_without_the_broker_people_log_in_and_read_and_the_site_says_what_is_missing(
    no_broker: None, agency: Agency
) -> None:
    advisor, admin = UserFactory.create(agency=agency), UserFactory.create(role=Role.ADMIN)
    application = ApplicationFactory.create(agency=agency)
    browser = Browser()

    logged_in = browser.post("/login", {"username": advisor.username, "password": PASSWORD})

    assert logged_in.status_code == 302
    assert browser.get(f"/applications/{application.pk}").status_code == 200
    assert browser.get("/api/v1/applications").status_code == 200
    assert "la file d’attente ne répond pas" in text_of(browser_of(admin).get("/operations/"))
    broker = next(part for part in check_parts() if part.name == "broker")
    assert not broker.is_up
    assert not broker.is_vital


def test_without_the_broker_no_worker_is_called_silent(no_broker: None) -> None:
    workers = next(part for part in check_parts() if part.name == "workers")

    assert not workers.is_up
    assert workers.problem == "the broker does not answer, so nothing is known of the workers"


def test_the_cache_gives_its_default_while_it_is_away_and_never_pretends_to_be_cleared(no_broker: None) -> None:
    cache.set("seen", 1, timeout=60)

    assert cache.get("seen", "nothing") == "nothing"
    assert cache.get_many(["seen"]) == {}
    with pytest.raises(RedisError):
        cache.clear()


@pytest.fixture
def hanging_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Let the cache and the broker be looked for where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        cache_settings = site_settings.CACHES["default"]
        monkeypatch.setitem(cache_settings, "LOCATION", address)
        monkeypatch.setitem(cache_settings, "OPTIONS", {**cache_settings["OPTIONS"], "socket_timeout": 0.1})
        monkeypatch.setattr(site_settings, "CELERY_BROKER_URL", address)
        monkeypatch.setattr(silence, "_silent_until", 0.0)
        monkeypatch.setattr(silence, "SPARED_SECONDS", 60.0)
        forget_the_cache()
        listener.setblocking(False)
        yield listener
    monkeypatch.undo()
    forget_the_cache()


def visitors(listener: socket.socket) -> int:
    count = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_hangs_lets_one_wait_and_spares_the_others(
    hanging_broker: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    assert cache.get("seen", "nothing") == "nothing"
    assert visitors(hanging_broker) >= 1

    enqueue([1])
    with pytest.raises(RedisError):
        messages_in("interactive")
    assert cache.get("seen", "nothing") == "nothing"

    assert "the broker is away: 1 requests wait in the database" in caplog.text
    assert visitors(hanging_broker) == 0


@contextmanager
def another_connection() -> Iterator[Any]:
    ours = connection.settings_dict
    given = {"dbname": ours["NAME"], "user": ours["USER"], "password": ours["PASSWORD"]}
    with closing(psycopg2.connect(host=ours["HOST"], port=ours["PORT"], **given)) as there, there.cursor() as cursor:
        there.autocommit = True
        yield cursor


def cut_every_connection() -> None:
    with another_connection() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'"
        )


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_under_a_cursor_in_the_server_counts_as_a_database_that_is_away() -> None:
    with closing(connection):
        cursor = connection.chunked_cursor()  # as the choices of a form are read
        cursor.execute("SELECT 1")

        cut_every_connection()

        with pytest.raises(DATABASE_AWAY):
            cursor.close()


@pytest.mark.django_db(transaction=True)
def test_after_the_database_was_started_again_the_next_request_is_served(advisor: User) -> None:
    """Every connection to this database is cut, as by a restart; the check before each request finds a new one."""
    browser = browser_of(advisor)
    assert browser.get("/applications/").status_code == 200

    cut_every_connection()
    connection.close_if_unusable_or_obsolete()  # what stands between two requests

    assert browser.get("/applications/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("address", "status"), [("/health/live", 200), ("/health/ready", 503)])
def test_health_is_told_as_json_also_to_whoever_has_a_session_while_the_database_is_away(
    advisor: User, monkeypatch: pytest.MonkeyPatch, address: str, status: int
) -> None:
    browser = browser_of(advisor)
    connection.close()

    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "PORT", "1")
        response = browser.get(address)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()


@pytest.mark.django_db(transaction=True)
def test_figures_are_told_also_to_whoever_has_a_session_while_the_database_is_away(
    advisor: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "a-word"
    note_heartbeat("book")
    browser = browser_of(advisor)
    connection.close()

    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "PORT", "1")
        response = browser.get("/metrics", headers={"Authorization": "Bearer a-word"})

    assert response.status_code == 200
    lines = response.content.decode()
    assert "scoring_database_up 0.0" in lines
    assert "scoring_requests{" not in lines
    assert 'scoring_worker_heartbeat_seconds{queue="book"}' in lines


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_while_parts_are_asked_is_told_of_the_database() -> None:
    connection.ensure_connection()
    connection.connection.close()  # as when the server dies between two questions

    parts = {part.name: part for part in check_parts()}
    connection.close()

    assert parts["database"].problem == "InterfaceError: database does not answer as it should"
    assert not parts["migrations"].is_up
