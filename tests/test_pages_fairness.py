from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from applications.access import ALLOWED, Action
from applications.errors import ProxyError
from applications.models import AuditEvent, Kind, ProxyNote, Role, User
from applications.services import promotions
from applications.services.proxies import note_proxies
from modelling.models import FairnessReport, ModelVersion
from tests.factories import UserFactory
from tests.fairness_reports import fairness_report_on
from tests.pages import browser_of, text_of

pytestmark = pytest.mark.django_db

FEATURES, WHY = ["occupation_type"], "Repays by trade, and no other fact says it"
REASON = {"features": FEATURES, "reason": WHY}


@pytest.fixture
def analyst() -> User:
    return UserFactory.create(role=Role.ANALYST)


@pytest.fixture
def version(champion: ModelVersion) -> ModelVersion:
    """Give a version that is not in force, with one proxy of sex."""
    ModelVersion.objects.update(state="retired")
    champion.refresh_from_db()
    fairness_report_on(champion, occupation_type=0.783, ext_source_2=0.55)
    return champion


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [("get", "fairness", Action.READ_MODELS), ("post", "proxies", Action.PROPOSE_MODEL)],
)
def test_each_page_is_there_for_its_roles_and_for_no_other(
    version: ModelVersion, anyone: User, method: str, path: str, action: Action
) -> None:
    response = getattr(browser_of(anyone), method)(f"/model/versions/1/{path}")

    assert (response.status_code == 404) is (action not in ALLOWED[Role(anyone.role)])


def test_the_page_tells_groups_the_gate_and_proxies(
    version: ModelVersion, analyst: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    figure = {"gated": 0.7558, "open": 0.7564, "value": 0.0006, "low": -0.0005, "high": 0.0017}
    part = {"auc": figure, "cost_per_application": figure}
    gate = {"clients": 2_000, "with_controlled": part, "with_barred": part}
    FairnessReport.objects.update(gate=gate)
    browser = browser_of(analyst)
    browser.get("/model/versions/1/fairness")

    # Session, person, agency; the version, its report, the notes.
    with django_assert_num_queries(6):
        text = text_of(browser.get("/model/versions/1/fairness"))

    said = ("Femmes", "Hommes", "80,0 %", "prédit trop haut", "0,783", "0,7564", "+0,0006", "Métier")
    assert [words for words in said if words not in text] == []
    assert text.count("prédit trop haut") == 1
    assert "ne peut pas être mise en vigueur" in text


def test_a_version_without_a_report_says_how_to_make_one(champion: ModelVersion, analyst: User) -> None:
    assert "fairness_report 1" in text_of(browser_of(analyst).get("/model/versions/1/fairness"))


def test_a_version_nobody_looked_at_is_not_promoted(champion: ModelVersion, analyst: User) -> None:
    ModelVersion.objects.update(state="retired")

    with pytest.raises(ProxyError, match="fairness_report 1"):
        promotions.request_promotion(champion, actor=analyst, reason="Better")


def test_a_proxy_of_sex_nobody_answered_for_refuses_promotion_by_name(version: ModelVersion, analyst: User) -> None:
    response = browser_of(analyst).post("/model/versions/1/promotion", {"reason": "Better"}, follow=True)

    assert "occupation_type (sexe, 0,783)" in text_of(response)
    assert not version.promotion_requests.exists()

    note_proxies(version, actor=analyst, features=FEATURES, reason=WHY)

    assert promotions.request_promotion(version, actor=analyst, reason="Better").pk


def test_a_proxy_found_after_the_request_stops_its_approval(version: ModelVersion, analyst: User) -> None:
    note_proxies(version, actor=analyst, features=FEATURES, reason=WHY)
    wish = promotions.request_promotion(version, actor=analyst, reason="Better")
    fairness_report_on(version, occupation_type=0.783, own_car_age=0.8)

    with pytest.raises(ProxyError, match="own_car_age"):
        promotions.approve(wish, actor=UserFactory.create(role=Role.MANAGER))

    version.refresh_from_db()
    assert version.state == "challenger"


def test_a_note_is_kept_with_who_when_and_why(version: ModelVersion, analyst: User) -> None:
    response = browser_of(analyst).post("/model/versions/1/proxies", REASON, follow=True)

    text = text_of(response)
    assert WHY in text
    assert analyst.username in text
    assert "personne n’a dit" not in text
    event = AuditEvent.objects.get(kind=Kind.PROXY_NOTED)
    assert (event.actor, event.data["features"]) == (analyst, ["occupation_type"])


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"reason": "Because"}, "Choisissez au moins une variable"),
        ({"features": ["occupation_type"], "reason": "  "}, "Dites pourquoi"),
        ({"features": ["ext_source_2"], "reason": "Because"}, "Sélectionnez un choix valide"),
    ],
)
def test_a_note_lacking_something_is_told_and_not_kept(
    version: ModelVersion, analyst: User, form: dict[str, str], said: str
) -> None:
    response = browser_of(analyst).post("/model/versions/1/proxies", form)

    assert said in text_of(response)
    assert not ProxyNote.objects.exists()


def test_a_feature_is_answered_for_once(version: ModelVersion, analyst: User) -> None:
    note_proxies(version, actor=analyst, features=FEATURES, reason=WHY)

    with pytest.raises(ProxyError, match="occupation_type"):
        note_proxies(version, actor=analyst, features=FEATURES, reason=WHY)
    assert ProxyNote.objects.count() == 1


def test_the_database_itself_wants_a_reason(version: ModelVersion, analyst: User) -> None:
    with pytest.raises(IntegrityError, match="proxy_note_says_why"), transaction.atomic():
        ProxyNote.objects.create(version=version, feature="occupation_type", reason="", noted_by=analyst)


def test_the_card_and_its_markdown_tell_fairness(version: ModelVersion, analyst: User) -> None:
    browser = browser_of(analyst)
    browser.cookies["django_language"] = "en"

    card = text_of(browser.get("/model/versions/1/"))
    markdown = browser.get("/model/versions/1/card.md").content.decode()

    assert "approval rates differ by up to 5.0 points" in card
    assert "without a note: 1" in card
    assert "| Women | 1,000 | 80.0% (77.0% to 83.0%) |" in markdown
    assert "AUC of 0.783: nobody answered yet" in markdown
