"""What docs/security.md promises and no other file tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.test import RequestFactory
from pytest_django import Settings

from applications.addresses import client_address
from applications.models import User
from scoring_site.environment import ROOT
from scoring_site.secret_files import refuse_weak_key
from tests.factories import PASSWORD
from tests.pages import browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.slow
def test_the_production_settings_pass_djangos_deploy_check() -> None:
    production = {"SECURE_COOKIES": "1", "REQUIRE_SECOND_FACTOR": "1", "SECRET_KEY": "0123456789abcdef" * 4}

    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**os.environ, **production, "DJANGO_ALLOW_ASYNC_UNSAFE": ""},  # the browser's tests set it
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 64, "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz0123456789"]
)
def test_a_weak_secret_key_stops_a_process_with_a_sentence(key: str) -> None:
    with pytest.raises(SystemExit, match="SECRET_KEY should be a random word of 50 characters"):
        refuse_weak_key({"SECRET_KEY": key})


@pytest.mark.parametrize("password", ["Short1!", "password1234", "123456789012345"])
def test_a_short_or_common_password_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.slow
def test_two_thousand_tries_are_throttled_and_the_person_still_gets_in_from_elsewhere(
    client: Browser, advisor: User
) -> None:
    answers = [
        client.post("/login", {"username": advisor.username, "password": f"guess {number}"}).status_code
        for number in range(2000)
    ]

    assert answers.count(200) < 10
    assert answers.count(429) > 1990
    elsewhere = Browser(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.post("/login", {"username": advisor.username, "password": PASSWORD}).status_code == 302


def test_a_list_of_names_from_one_machine_is_slowed_down(client: Browser, advisor: User) -> None:
    answers = [client.post("/login", {"username": f"name{n}", "password": "guess"}).status_code for n in range(70)]

    assert answers[:60] == [200] * 60
    assert answers[60:] == [429] * 10


@pytest.mark.parametrize(
    ("proxies", "heard", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(proxies: int, heard: str, address: str, settings: Settings) -> None:
    settings.PROXIES = proxies

    assert client_address(RequestFactory().get("/", headers={"X-Forwarded-For": heard})) == address


@pytest.mark.parametrize("spell", ["idle", "old"])
def test_a_session_ends_after_an_idle_hour_and_after_a_working_day(spell: str, advisor: User) -> None:
    browser = browser_of(advisor)
    assert browser.get("/applications/").status_code == 200
    session = browser.session
    session["seen_at" if spell == "idle" else "started_at"] = time.time() - (3601 if spell == "idle" else 12 * 3600 + 1)
    session.save()

    response = browser.get("/applications/")

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login")


def test_a_person_at_work_stays_logged_in_and_his_session_is_seldom_written(advisor: User) -> None:
    browser = browser_of(advisor)
    browser.get("/applications/")
    seen = browser.session["seen_at"]

    browser.get("/applications/")

    assert browser.session["seen_at"] == seen


def test_logging_in_changes_the_session(client: Browser, advisor: User) -> None:
    client.get("/login")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = str(session.session_key)

    client.post("/login", {"username": advisor.username, "password": PASSWORD})

    assert client.get("/applications/").status_code == 200
    assert client.cookies["sessionid"].value != session.session_key


def test_the_cookie_of_a_session_that_was_logged_out_opens_nothing(advisor: User) -> None:
    browser = browser_of(advisor)
    cookie = browser.cookies["sessionid"].value
    browser.post("/logout")

    browser.cookies["sessionid"] = cookie

    assert browser.get("/applications/").status_code == 302


def test_a_person_who_left_is_logged_out_at_once(advisor: User) -> None:
    browser = browser_of(advisor)
    User.objects.filter(pk=advisor.pk).update(is_active=False)

    assert browser.get("/applications/").status_code == 302


def test_every_promise_of_the_security_page_names_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text()
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)

    assert len(named) > 20
    missing = [f"{file}::{test}" for file, test in named if f"def {test}(" not in Path(ROOT / file).read_text()]
    assert missing == []
