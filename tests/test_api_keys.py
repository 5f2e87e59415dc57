from __future__ import annotations

import json
import re

import pytest
from django.core.management import CommandError, call_command

from applications.models import (
    ApiKey,
    AuditEvent,
    Kind,
    Role,
    Scope,
    User,
)
from applications.services.api_keys import create_key, revoke_key, rotate_key
from tests.api import Ask, ask_as, assert_problem, caller
from tests.factories import UserFactory
from tests.pages import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(advisor: User) -> Ask:
    return ask_as(advisor)


@pytest.mark.parametrize("secret", ["", "nonsense", "pad_00000000_x"])
def test_without_a_usable_key_there_is_no_answer(secret: str) -> None:
    assert_problem(caller(secret)("GET", "applications"), 401)


def test_a_key_is_kept_as_a_digest_alone(advisor: User) -> None:
    made = create_key("test", person=advisor, scopes=[Scope.READ], actor=None)

    stored = json.dumps(list(ApiKey.objects.values()), default=str)
    assert made.secret not in stored
    assert made.secret.rsplit("_", 1)[1] not in stored


def test_a_revoked_an_expired_and_an_orphaned_key_open_nothing(advisor: User) -> None:
    revoked = create_key("a", person=advisor, scopes=[Scope.READ], actor=None)
    revoke_key(revoked.key, actor=None)
    expired = create_key("b", person=advisor, scopes=[Scope.READ], actor=None, lifetime_days=-1)
    left = UserFactory.create(is_active=False)
    orphaned = create_key("c", person=left, scopes=[Scope.READ], actor=None)

    for key in (revoked, expired, orphaned):
        assert_problem(caller(key.secret)("GET", "applications"), 401)
    assert AuditEvent.objects.filter(kind=Kind.API_KEY_REVOKED).count() == 1


def test_after_a_rotation_both_keys_work_for_a_while(advisor: User) -> None:
    old = create_key("a", person=advisor, scopes=[Scope.READ], actor=None)
    new = rotate_key(old.key, actor=None)

    assert [caller(key.secret)("GET", "applications").status_code for key in (old, new)] == [200, 200]
    assert old.key.expires_at < new.key.expires_at


def test_the_use_of_a_key_is_noted(ask: Ask) -> None:
    ask("GET", "applications")

    assert ApiKey.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    ("method", "address", "scope"),
    [
        ("GET", "applications", Scope.READ),
        ("POST", "applications", Scope.SUBMIT),
        ("POST", "applications/1/assessments", Scope.ASSESS),
    ],
)
def test_a_key_does_only_what_its_scopes_say(advisor: User, method: str, address: str, scope: Scope) -> None:
    others = [each for each in Scope.values if each != scope]

    assert_problem(ask_as(advisor, *others)(method, address, {}), 403)
    assert ask_as(advisor, scope)(method, address, {}).status_code != 403


def test_a_person_logged_in_on_the_site_may_read(advisor: User) -> None:
    assert browser_of(advisor).get("/api/v1/applications").status_code == 200


def test_a_hasty_key_waits_and_others_do_not(advisor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.api.throttles.KeyThrottle.rate", "2/min", raising=False)
    hasty, other = ask_as(advisor), ask_as(advisor)

    answers = [hasty("GET", "policy") for _ in range(3)]

    problem = assert_problem(answers[-1], 429)
    assert "Retry-After" in answers[-1].headers
    assert problem["detail"]
    assert other("GET", "policy").status_code != 429


def test_an_admin_makes_rotates_and_revokes_keys_and_sees_each_secret_once(advisor: User) -> None:
    admin = UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True)
    browser = browser_of(admin)

    form = {"name": "crm", "person": advisor.pk, "scopes": ["read"]}
    page = browser.post("/admin/applications/apikey/add/", form, follow=True).content.decode()

    secret = re.search(r"pad_\w{8}_[\w-]+", page)
    assert secret is not None
    assert caller(secret[0])("GET", "applications").status_code == 200
    assert secret[0] not in browser.get("/admin/applications/apikey/").content.decode()
    key = ApiKey.objects.get()
    chosen = {"_selected_action": [key.pk]}
    browser.post("/admin/applications/apikey/", {"action": "rotate", **chosen})
    browser.post("/admin/applications/apikey/", {"action": "revoke", **chosen})
    assert ApiKey.objects.count() == 2
    assert_problem(caller(secret[0])("GET", "applications"), 401)


def test_the_command_makes_a_key_for_a_person(advisor: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_api_key", "crm", "--person", advisor.username, "--scope", "read", "--scope", "predict")

    assert caller(capsys.readouterr().out.split()[0])("GET", "applications").status_code == 200


@pytest.mark.parametrize("words", [["--person", "nobody"], ["--person", "{}", "--days", "0"]])
def test_the_command_says_what_it_expected(advisor: User, words: list[str]) -> None:
    with pytest.raises(CommandError, match=r"active person|1 day or more"):
        call_command("create_api_key", "crm", *(word.format(advisor.username) for word in words))
