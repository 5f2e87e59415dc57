from __future__ import annotations

import re
import time

import pytest
from django.test import Client as Browser
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django import Settings

from applications.models import Agency, AuditEvent, Kind, Role, User
from applications.services.second_factor import device_to_set_up
from tests.factories import PASSWORD, UserFactory
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def manager(agency: Agency) -> User:
    return UserFactory.create(role=Role.MANAGER, agency=agency)


def code_of(device: TOTPDevice, periods_from_now: int = 0) -> str:
    return f"{totp(device.bin_key, t0=-30 * periods_from_now):06d}"


def set_up(person: User) -> tuple[TOTPDevice, list[str]]:
    """Set a device up as the person does; returns it and the recovery codes."""
    browser = browser_of(person)
    device = device_to_set_up(person)
    response = browser.post("/login/code", {"code": code_of(device)})
    device.refresh_from_db()
    return device, re.findall(r"<code>(\w+)</code>", response.content.decode())


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ANALYST, Role.MANAGER])
@pytest.mark.parametrize("address", ["/applications/", "/applications/1", "/admin/", "/nowhere"])
def test_who_can_do_much_shows_a_code_before_any_page(role: Role, address: str, agency: Agency) -> None:
    is_admin = role == Role.ADMIN
    person = UserFactory.create(role=role, agency=agency, is_staff=is_admin, is_superuser=is_admin)

    response = browser_of(person).get(address)

    assert (response.status_code, response.headers["Location"]) == (302, f"/login/code?next={address}")


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.AUDITOR])
def test_other_roles_log_in_by_password_alone(role: Role, agency: Agency) -> None:
    assert browser_of(UserFactory.create(role=role, agency=agency)).get("/applications/").status_code == 200


def test_the_first_right_code_sets_the_device_up_and_shows_recovery_codes_once(manager: User) -> None:
    browser = browser_of(manager)
    first = browser.get("/login/code?next=/applications/")
    assert "data:image/svg+xml" in first.content.decode()

    response = browser.post("/login/code", {"code": code_of(device_to_set_up(manager)), "next": "/applications/"})

    assert len(re.findall(r"<code>\w+</code>", response.content.decode())) == 8
    assert browser.get("/applications/").status_code == 200
    assert AuditEvent.objects.filter(kind=Kind.SECOND_FACTOR_SET, actor=manager).exists()


def test_a_wrong_code_is_answered_by_a_sentence_and_opens_nothing(manager: User) -> None:
    set_up(manager)
    browser = browser_of(manager)

    response = browser.post("/login/code", {"code": "000000"})

    assert response.status_code == 400
    assert "Ce code n'est pas le bon" in text_of(response)
    assert browser.get("/applications/").status_code == 302


def test_a_right_code_opens_the_page_that_was_asked_for(manager: User) -> None:
    device, _ = set_up(manager)
    browser = browser_of(manager)

    response = browser.post("/login/code", {"code": code_of(device, 1), "next": "/applications/?page=2"})

    assert response.headers["Location"] == "/applications/?page=2"
    assert browser.get("/applications/").status_code == 200


def test_a_code_works_once(manager: User) -> None:
    device, _ = set_up(manager)
    code = code_of(device, 1)
    assert browser_of(manager).post("/login/code", {"code": code}).status_code == 302

    assert browser_of(manager).post("/login/code", {"code": code}).status_code == 400


def test_after_a_wrong_code_the_right_one_waits(manager: User) -> None:
    device, _ = set_up(manager)
    browser = browser_of(manager)
    browser.post("/login/code", {"code": "000000"})

    assert browser.post("/login/code", {"code": code_of(device, 1)}).status_code == 400
    time.sleep(1.1)
    assert browser.post("/login/code", {"code": code_of(device, 1)}).status_code == 302


def test_a_recovery_code_opens_the_site_once(manager: User) -> None:
    _, codes = set_up(manager)

    assert browser_of(manager).post("/login/code", {"code": codes[0]}).status_code == 302
    assert browser_of(manager).post("/login/code", {"code": codes[0]}).status_code == 400


def test_the_code_never_sends_a_person_to_another_site(manager: User) -> None:
    device, _ = set_up(manager)

    response = browser_of(manager).post("/login/code", {"code": code_of(device, 1), "next": "https://evil.example/"})

    assert response.headers["Location"] == "/applications/"


def test_an_admin_resets_a_lost_device(manager: User, agency: Agency, settings: Settings) -> None:
    set_up(manager)
    settings.REQUIRE_SECOND_FACTOR = False
    admin = UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True)

    browser_of(admin).post(
        "/admin/applications/user/", {"action": "forget_second_factor", "_selected_action": [manager.pk]}
    )

    assert not TOTPDevice.objects.filter(user=manager).exists()
    assert AuditEvent.objects.filter(kind=Kind.SECOND_FACTOR_RESET, actor=admin, subject_id=str(manager.pk)).exists()


@pytest.mark.parametrize("address", ["/admin/otp_totp/totpdevice/", "/admin/otp_static/staticdevice/"])
def test_no_admin_page_shows_a_key(address: str, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    admin = UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True)

    assert browser_of(admin).get(address).status_code == 404


def test_a_password_alone_leads_to_the_code(client: Browser, manager: User) -> None:
    response = client.post("/login", {"username": manager.username, "password": PASSWORD}, follow=True)

    assert response.redirect_chain[-1][0] == "/login/code?next=/applications/"
