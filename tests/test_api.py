from __future__ import annotations

import json
import re
from collections.abc import Callable
from math import exp
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser

from applications.models import (
    Agency,
    ApiKey,
    Application,
    Assessment,
    AssessmentRequest,
    AuditEvent,
    Kind,
    Policy,
    Role,
    Scope,
    User,
)
from applications.services.api_keys import create_key, revoke_key, rotate_key
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, ApplicationFactory, UserFactory
from tests.pages import assessed, browser_of

pytestmark = pytest.mark.django_db
FACTS = {
    "name_contract_type": "Cash loans",
    "amt_income_total": 202500,
    "amt_credit": 406597.5,
    "amt_annuity": 24700.5,
    "days_birth": -9461,
}
Ask = Callable[..., Any]


def caller(secret: str) -> Ask:
    """Give a function that asks the API with a key: method, address under /api/v1/, body."""

    def ask(method: str, address: str, body: object = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {secret}", **{name.replace("_", "-"): word for name, word in headers.items()}}
        content = json.dumps(body) if body is not None else ""
        return Browser().generic(method, f"/api/v1/{address}", content, "application/json", headers=sent)

    return ask


def ask_as(person: User, *scopes: str) -> Ask:
    return caller(create_key("test", person=person, scopes=scopes or Scope.values, actor=None).secret)


@pytest.fixture
def ask(advisor: User) -> Ask:
    return ask_as(advisor)


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.content)
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["X-Request-ID"]
    return problem


# -- keys ----------------------------------------------------------------------------


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


# -- reading -------------------------------------------------------------------------


def test_the_list_is_newest_first_and_turns_by_cursor(ask: Ask, agency: Agency) -> None:
    made = ApplicationFactory.create_batch(60, agency=agency)

    first = ask("GET", "applications").json()
    second = ask("GET", first["next"].split("/api/v1/")[1]).json()

    numbers = [row["number"] for row in first["results"] + second["results"]]
    assert sorted(numbers) == sorted(application.pk for application in made)
    assert second["next"] is None


@pytest.mark.parametrize(
    ("filters", "found"),
    [("stage=to_assess", 1), ("stage=refused", 0), ("received_from=2026-09-02", 0), ("received_to=2026-09-01", 1)],
)
def test_the_list_is_filtered(ask: Ask, agency: Agency, filters: str, found: int) -> None:
    ApplicationFactory.create(agency=agency)

    assert len(ask("GET", f"applications?{filters}").json()["results"]) == found


@pytest.mark.parametrize("filters", ["stage=nonsense", "received_from=yesterday", "unknown=1", "agency=%00"])
def test_a_filter_that_makes_no_sense_is_named(ask: Ask, filters: str) -> None:
    problem = assert_problem(ask("GET", f"applications?{filters}"), 400)

    assert problem["errors"][0]["pointer"] == f"/{filters.split('=', maxsplit=1)[0]}"


def test_an_odd_cursor_is_a_problem(ask: Ask) -> None:
    assert_problem(ask("GET", "applications?cursor=nonsense"), 404)


def test_an_application_is_told_without_what_the_law_bars(ask: Ask, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency)

    told = ask("GET", f"applications/{application.pk}").json()

    assert told["facts"]["amt_credit"] == application.amt_credit
    assert {"code_gender", "name_family_status", "target"}.isdisjoint(told["facts"])


@pytest.mark.parametrize("rest", ["", "/assessment", "/explanation"])
def test_a_foreign_application_looks_like_an_unknown_one(ask: Ask, rest: str) -> None:
    foreign = ApplicationFactory.create(agency=AgencyFactory.create())

    of_foreign = assert_problem(ask("GET", f"applications/{foreign.pk}{rest}"), 404)
    of_unknown = assert_problem(ask("GET", f"applications/999999999{rest}"), 404)

    assert of_foreign["detail"].replace(str(foreign.pk), "N") == of_unknown["detail"].replace("999999999", "N")


def test_a_list_takes_as_many_queries_whatever_its_length(
    ask: Ask, agency: Agency, django_assert_max_num_queries: Any
) -> None:
    ApplicationFactory.create_batch(30, agency=agency)

    with django_assert_max_num_queries(4):
        ask("GET", "applications")


# -- submitting ----------------------------------------------------------------------


def test_what_is_submitted_is_stored_and_waits_for_its_assessment(ask: Ask, advisor: User) -> None:
    response = ask("POST", "applications", {"facts": FACTS})

    assert response.status_code == 201
    application = Application.objects.get(pk=response.json()["number"])
    assert response.headers["Location"] == f"/api/v1/applications/{application.pk}"
    assert (application.agency, application.amt_credit) == (advisor.agency, 406597.5)
    assert AssessmentRequest.objects.filter(application=application).exists()
    assert AuditEvent.objects.filter(kind=Kind.APPLICATION_CHANGED, actor=advisor).exists()


def test_a_known_client_may_apply_again(ask: Ask, agency: Agency) -> None:
    known = ApplicationFactory.create(agency=agency)

    response = ask("POST", "applications", {"facts": FACTS, "client": known.client_id})

    assert response.json()["client"] == known.client_id


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/facts"),
        ({"facts": {}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "amt_credit": "much"}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "amt_credit": 1e300}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "amt_credit": None}}, "/facts/amt_credit"),
        ({"facts": {**FACTS, "name_contract_type": "Gold"}}, "/facts/name_contract_type"),
        ({"facts": {**FACTS, "ammt_credit": 1}}, "/facts/ammt_credit"),
        ({"facts": {**FACTS, "target": 1}}, "/facts/target"),
        ({"facts": FACTS, "surprise": 1}, "/surprise"),
        ({"facts": FACTS, "client": 999999999}, "/client"),
        ({"facts": FACTS, "agency": "elsewhere"}, "/agency"),
        ({"facts": FACTS, "received_on": "soon"}, "/received_on"),
    ],
)
def test_what_is_not_as_expected_is_named_and_nothing_is_stored(ask: Ask, body: object, pointer: str) -> None:
    AgencyFactory.create(code="elsewhere")

    problem = assert_problem(ask("POST", "applications", body), 400)

    assert pointer in [fault["pointer"] for fault in problem["errors"]]
    assert not Application.objects.exists()


def test_the_same_idempotency_key_has_one_effect_and_one_answer(ask: Ask) -> None:
    first, again = (ask("POST", "applications", {"facts": FACTS}, Idempotency_Key="word") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert Application.objects.count() == 1


def test_the_same_idempotency_key_with_another_body_is_refused(ask: Ask) -> None:
    ask("POST", "applications", {"facts": FACTS}, Idempotency_Key="word")

    problem = ask("POST", "applications", {"facts": {**FACTS, "amt_credit": 1}}, Idempotency_Key="word")

    assert_problem(problem, 422)


def test_a_refused_request_keeps_its_idempotency_key_free(ask: Ask) -> None:
    assert_problem(ask("POST", "applications", {"facts": {}}, Idempotency_Key="word"), 400)

    assert ask("POST", "applications", {"facts": FACTS}, Idempotency_Key="word").status_code == 201


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"facts": NaN}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"a=1", "application/x-www-form-urlencoded", 415),
        (b"{" + b" " * 6_000_000 + b"}", "application/json", 413),
    ],
)
def test_a_body_that_is_no_json_object_is_a_problem(advisor: User, content: bytes, kind: str, status: int) -> None:
    secret = create_key("test", person=advisor, scopes=Scope.values, actor=None).secret

    response = Browser().generic(
        "POST", "/api/v1/applications", content, kind, headers={"Authorization": f"Bearer {secret}"}
    )

    assert_problem(response, status)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR])
def test_who_may_not_ask_for_assessments_may_not_submit(role: Role, agency: Agency) -> None:
    assert_problem(ask_as(UserFactory.create(role=role, agency=agency))("POST", "applications", {"facts": FACTS}), 404)


# -- assessments and explanations ----------------------------------------------------


def test_an_assessment_is_asked_for_and_found_at_its_address(
    ask: Ask, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)

    asked = ask("POST", f"applications/{application.pk}/assessments")

    assert asked.status_code == 202
    assert asked.json()["state"] == "queued"
    assert asked.headers["Location"] == f"/api/v1/applications/{application.pk}/assessment"
    told = ask("GET", f"applications/{application.pk}/assessment").json()
    assert told["assessment"]["probability"] == Assessment.objects.get().probability
    assert told["assessment"]["policy"]["accept_below"] == policy.accept_below


def test_an_explanation_adds_up_to_the_probability(
    ask: Ask, agency: Agency, champion: ModelVersion, policy: Policy
) -> None:
    application = assessed(agency=agency)

    told = ask("GET", f"applications/{application.pk}/explanation?most=3").json()

    assert len(told["factors"]) == 3
    log_odds = told["base"] + sum(factor["contribution"] for factor in told["factors"]) + told["rest"]
    assert 1 / (1 + exp(-log_odds)) == pytest.approx(told["probability"], abs=1e-6)


def test_without_an_assessment_there_is_nothing_to_explain(ask: Ask, agency: Agency) -> None:
    application = ApplicationFactory.create(agency=agency)

    assert_problem(ask("GET", f"applications/{application.pk}/explanation"), 409)


@pytest.mark.parametrize("most", ["0", "1001", "many", "-1"])
def test_an_odd_number_of_factors_is_named(ask: Ask, agency: Agency, most: str) -> None:
    application = ApplicationFactory.create(agency=agency)

    assert_problem(ask("GET", f"applications/{application.pk}/explanation?most={most}"), 400)


# -- model, policy, features ---------------------------------------------------------


def test_the_model_and_the_policy_in_force_are_told(ask: Ask, champion: ModelVersion, policy: Policy) -> None:
    assert ask("GET", "model").json()["number"] == champion.number
    assert ask("GET", "policy").json()["version"] == policy.version


@pytest.mark.parametrize("address", ["model", "policy", "model/importance"])
def test_before_anything_is_in_force_the_api_says_so(ask: Ask, address: str) -> None:
    assert_problem(ask("GET", address), 503)


def test_the_importance_of_all_features_together_is_one(ask: Ask, champion: ModelVersion) -> None:
    features = ask("GET", "model/importance").json()["features"]

    assert sum(feature["share"] for feature in features) == pytest.approx(1)
    assert [feature["rank"] for feature in features] == list(range(1, len(features) + 1))


def test_the_dictionary_is_searched_and_read(ask: Ask) -> None:
    found = ask("GET", "features?text=revenu&table=application").json()

    key = found["results"][0]["key"]
    assert found["count"] >= len(found["results"]) > 0
    assert ask("GET", f"features/{key}").json() == found["results"][0]
    assert_problem(ask("GET", "features/nonsense"), 404)


# -- the schema ----------------------------------------------------------------------


def test_the_docs_page_asks_nothing_of_other_sites(advisor: User) -> None:
    response = browser_of(advisor).get("/api/v1/docs")

    assert response.status_code == 200
    assert "https://" not in response.content.decode().replace("https://www.w3.org", "")
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_an_unknown_address_under_the_api_is_a_problem_too(ask: Ask) -> None:
    assert_problem(ask("GET", "nonsense"), 404)


# -- keys made by people -------------------------------------------------------------


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
