"""The pages on drift and on performance: what they show, to whom, and what is done from them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries
from redis import Redis

from applications.models import Alert, Application, Decision, ObservedOutcome, Outcome, Policy, Role
from applications.selectors.performance import performance_of
from applications.services.decisions import decide
from applications.services.drift import measure_drift
from modelling.models import DriftReport, ModelVersion
from tests.factories import ApplicationFactory, ClientFactory, UserFactory
from tests.pages import advice_on, assessed, browser_of, text_of
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion", "policy")]

TODAY = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_snapshot(tmp_path / "small", made_up_tables())
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path)
    monkeypatch.setattr(settings, "DRIFT_LEAST_CLIENTS", 3)


@pytest.fixture
def browser() -> Browser:
    return browser_of(UserFactory.create(role=Role.ANALYST, agency=None))


def measured(**facts: object) -> DriftReport:
    ApplicationFactory.create_batch(4, received_on=TODAY - timedelta(days=1), ext_source_2=0.99, **facts)
    return measure_drift(today=TODAY).report


@pytest.mark.parametrize(
    "address", ["/model/drift/", "/model/drift/1", "/model/drift/1/ext_source_2", "/model/performance/"]
)
def test_an_advisor_is_told_that_there_is_no_such_page(address: str) -> None:
    assert browser_of(UserFactory.create()).get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR, Role.ADMIN])
def test_who_answers_for_the_model_reads_both_pages(role: Role) -> None:
    browser = browser_of(UserFactory.create(role=role))

    assert browser.get("/model/drift/").status_code == 200
    assert browser.get("/model/performance/").status_code == 200


def test_before_the_first_measure_the_page_says_when_it_comes(browser: Browser) -> None:
    assert "n’a pas encore été mesurée" in text_of(browser.get("/model/drift/"))


def test_the_page_shows_the_most_moved_feature_first_with_its_alert(browser: Browser) -> None:
    report = measured()

    response = browser.get("/model/drift/")

    psi = [line.index.value for line in response.context["lines"]]
    assert psi == sorted(psi, reverse=True)
    page = text_of(response)
    assert "La population s’est éloignée" in page
    assert "forte dérive" in page
    assert f"/model/drift/{report.pk}/" in response.content.decode()


def test_a_feature_shows_its_distribution_then_and_now(browser: Browser) -> None:
    report = measured()
    measure_drift(today=TODAY)

    response = browser.get(f"/model/drift/{report.pk}/ext_source_2")

    bars = response.context["bars"]
    assert sum(bar.then for bar in bars) == pytest.approx(1)
    assert max(bars, key=lambda bar: bar.now).now == 1
    assert bars[-1].label == "manquante"


def test_a_category_shows_its_words(browser: Browser) -> None:
    report = measured(name_education_type="Lower secondary")
    name = "name_education_type"

    assert "autre libellé" in text_of(browser.get(f"/model/drift/{report.pk}/{name}"))


def test_from_the_second_report_on_there_is_a_trend(browser: Browser) -> None:
    measured()
    assert browser.get("/model/drift/").context["trend"] is None
    last = measure_drift(today=TODAY).report

    response = browser.get("/model/drift/")

    assert len(response.context["past"]) == 2
    assert response.context["trend"] is not None
    assert "polyline" in browser.get(f"/model/drift/{last.pk}/ext_source_2").content.decode()


def test_the_report_is_saved_as_one_file_that_needs_nothing_else(browser: Browser) -> None:
    report = measured()

    response = browser.get(f"/model/drift/{report.pk}/export")

    body = response.content.decode()
    assert f'filename="drift-{report.pk}.html"' in response.headers["Content-Disposition"]
    assert "src=" not in body
    assert '<link rel="stylesheet"' not in body
    assert body.count("<h2") == report.findings.count()
    assert "color-scheme: light dark" in body
    assert all(group["name"] in body for group in report.groups["agencies"])


@pytest.mark.parametrize("address", ["/model/drift/99", "/model/drift/99/export", "/model/drift/99/ext_source_2"])
def test_an_unknown_report_is_not_found(browser: Browser, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_an_unknown_feature_is_not_found(browser: Browser) -> None:
    report = measured()

    assert browser.get(f"/model/drift/{report.pk}/shoe_size").status_code == 404


def test_an_alert_goes_when_somebody_has_seen_it(browser: Browser) -> None:
    measured()
    alert = Alert.objects.get()

    browser.post(f"/model/drift/alerts/{alert.pk}")

    alert.refresh_from_db()
    assert alert.seen_by_id == int(browser.session["_auth_user_id"])
    assert "La population s’est éloignée" not in text_of(browser.get("/model/drift/"))


def test_who_only_reads_neither_measures_nor_puts_alerts_away() -> None:
    measured()
    auditor = browser_of(UserFactory.create(role=Role.AUDITOR, agency=None))

    assert auditor.post("/model/drift/measure").status_code == 404
    assert auditor.post(f"/model/drift/alerts/{Alert.objects.get().pk}").status_code == 404
    assert "Mesurer maintenant" not in text_of(auditor.get("/model/drift/"))


def test_drift_is_measured_on_demand(browser: Browser) -> None:
    with Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
        browser.post("/model/drift/measure")
        assert broker.llen("book") == 1


def test_many_features_take_as_many_queries_as_one(
    browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    measured()
    browser.get("/model/drift/")
    with django_assert_max_num_queries(8):
        browser.get("/model/drift/")


def with_outcome(*, defaulted: bool, **facts: object) -> Application:
    application = assessed(**facts)
    ObservedOutcome.objects.create(application=application, observed_on=TODAY, defaulted=defaulted)
    return application


def test_without_outcomes_the_page_says_how_they_come(browser: Browser) -> None:
    assert "import_outcomes" in text_of(browser.get("/model/performance/"))


def test_performance_is_told_by_grade_and_month_with_its_intervals(browser: Browser, champion: ModelVersion) -> None:
    for _ in range(3):
        with_outcome(defaulted=False, ext_source_2=0.95, ext_source_3=0.95)
    with_outcome(defaulted=True, ext_source_2=0.01, ext_source_3=0.01, received_on=date(2026, 8, 3))

    found = performance_of(champion)

    assert found.overall is not None
    assert (found.overall.clients, found.overall.defaults, found.ranking.auc) == (4, 1, 1.0)
    assert [(month.name, month.clients) for month in found.months] == [("2026-08", 1), ("2026-09", 3)]
    assert sum(grade.clients for grade in found.grades) == 4
    assert "Calibration par classe" in text_of(browser.get("/model/performance/"))


def test_applications_of_the_training_do_not_count(champion: ModelVersion) -> None:
    with_outcome(defaulted=True, client=ClientFactory.create(id=1))  # training's clients are 1 to 600
    with_outcome(defaulted=True)

    found = performance_of(champion)

    assert (found.in_training, found.ranking.clients) == (1, 1)


def test_a_lost_snapshot_is_said(
    browser: Browser, champion: ModelVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_outcome(defaulted=False)
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path / "elsewhere")

    assert not performance_of(champion).knows_training
    assert "a disparu" in text_of(browser.get("/model/performance/"))


def test_decisions_against_the_advice_are_measured_apart(
    browser: Browser, champion: ModelVersion, policy: Policy
) -> None:
    Policy.objects.update(accept_below=0.0001, refuse_from=0.0002)  # everything is refused
    application = with_outcome(defaulted=False)
    manager = UserFactory.create(role=Role.MANAGER)
    decide(advice_on(application), actor=manager, outcome=Outcome.ACCEPT, reason="Known for years.")
    assert Decision.objects.get().goes_against_advice

    (override,) = performance_of(champion).overrides

    assert override.is_against_advice
    assert "contre l’avis" in text_of(browser.get("/model/performance/"))


@pytest.mark.parametrize("query", ["?version=1", "?version=99", "?version=x"])
def test_a_version_is_chosen_by_its_number_and_nonsense_shows_the_one_in_force(browser: Browser, query: str) -> None:
    assert browser.get(f"/model/performance/{query}").status_code == 200
