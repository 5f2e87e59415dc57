"""The operations page: who sees it, running the book from it, and what is done with failures."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from redis import Redis

from applications import audit
from applications.models import (
    AssessmentRequest,
    AssessmentRun,
    AuditEvent,
    ChunkState,
    Failure,
    Kind,
    Policy,
    RequestState,
    Role,
    RunState,
    Tally,
)
from applications.services import book, runs
from applications.services.assessment import request_assessments
from applications.services.policies import activate
from modelling.models import DriftReport, ModelVersion
from tests.factories import ApplicationFactory, PolicyFactory, UserFactory
from tests.pages import assessed, browser_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion", "policy")]


@pytest.fixture
def browser() -> Browser:
    with Redis.from_url(settings.REDIS_URL) as broker:
        broker.flushdb()
    return browser_of(UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True))


def started() -> AssessmentRun:
    run = runs.start_run("", actor=None)
    assert run is not None
    return run


def failed(count: int = 1, failure: Failure = Failure.FACTS) -> list[int]:
    numbers = [application.pk for application in ApplicationFactory.create_batch(count)]
    request_assessments(numbers)
    AssessmentRequest.objects.update(state=RequestState.FAILED, failure=failure, failure_facts={"detail": "odd"})
    return numbers


def waiting(count: int) -> list[int]:
    numbers = [application.pk for application in ApplicationFactory.create_batch(count)]
    request_assessments(numbers)
    return numbers


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.ANALYST, Role.MANAGER, Role.AUDITOR])
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/operations/"),
        ("post", "/operations/runs"),
        ("get", "/operations/runs/{run}"),
        ("get", "/operations/runs/{run}/progress"),
        ("post", "/operations/runs/{run}/change"),
        ("post", "/operations/retry"),
        ("post", "/operations/drop"),
        ("post", "/operations/cancel"),
        ("post", "/operations/cache"),
    ],
)
def test_only_administrators_see_and_do_anything_here(role: Role, method: str, address: str) -> None:
    ApplicationFactory.create()
    run = started()
    browser = browser_of(UserFactory.create(role=role))

    response = getattr(browser, method)(address.format(run=run.pk), {"deed": "cancel"})

    assert response.status_code == 404
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


def test_the_page_shows_queues_failures_and_what_is_in_force(browser: Browser, champion: ModelVersion) -> None:
    failed()

    page = text_of(browser.get("/operations/"))

    assert "1 évaluation en échec" in page
    assert "Le dossier contient des valeurs dont aucune variable ne peut être calculée" in page
    assert f"version {champion.number}, depuis" in page
    assert "aucun signe de vie" in page


def test_the_book_is_started_from_the_page(browser: Browser) -> None:
    ApplicationFactory.create_batch(2)

    response = browser.post("/operations/runs", {"where": "status=to_assess"})

    run = AssessmentRun.objects.get()
    assert response.headers["Location"] == f"/operations/runs/{run.pk}"
    assert (run.total, run.where, run.started_by_id) == (2, "status=to_assess", int(browser.session["_auth_user_id"]))
    assert "0 demandes sur 2" in text_of(browser.get("/operations/"))


def test_the_turns_of_a_run_are_given_out(browser: Browser, django_capture_on_commit_callbacks: object) -> None:
    ApplicationFactory.create()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        browser.post("/operations/runs", {"where": ""})

    with Redis.from_url(settings.REDIS_URL) as broker:
        assert broker.llen("book") == settings.BOOK_TURNS


@pytest.mark.parametrize(
    ("where", "sentence"),
    [("agence=1", "n’est pas une condition"), ("agency=nowhere", "n’existe pas"), ("x" * 301, "au plus 300")],
)
def test_a_filter_that_makes_no_sense_says_so_beside_its_field(browser: Browser, where: str, sentence: str) -> None:
    response = browser.post("/operations/runs", {"where": where})

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not AssessmentRun.objects.exists()


def test_without_a_policy_the_page_says_why_nothing_starts(browser: Browser, policy: Policy) -> None:
    ApplicationFactory.create()
    Policy.objects.update(is_active=False)

    assert "No policy is in force" in text_of(browser.post("/operations/runs", {"where": ""}))


def test_a_book_that_is_up_to_date_needs_no_run(browser: Browser) -> None:
    assessed()

    response = browser.post("/operations/runs", {"where": ""}, follow=True)

    assert "ont déjà leur évaluation" in text_of(response)


@pytest.mark.parametrize(
    ("deed", "state"), [("pause", RunState.PAUSED), ("cancel", RunState.CANCELLED), ("resume", RunState.RUNNING)]
)
def test_a_run_is_paused_resumed_and_cancelled_by_a_button(browser: Browser, deed: str, state: RunState) -> None:
    ApplicationFactory.create()
    run = started()
    if deed == "resume":
        runs.pause(run, actor=None)

    response = browser.post(f"/operations/runs/{run.pk}/change", {"deed": deed})

    run.refresh_from_db()
    assert (response.status_code, run.state) == (302, state)
    event = AuditEvent.objects.filter(kind=Kind.BOOK_RUN_CHANGED).latest("pk")
    assert (event.data["state"], event.actor_id) == (state, int(browser.session["_auth_user_id"]))


def test_what_can_no_longer_be_done_is_said(browser: Browser) -> None:
    ApplicationFactory.create()
    run = runs.cancel(started(), actor=None)

    response = browser.post(f"/operations/runs/{run.pk}/change", {"deed": "resume"}, follow=True)

    assert "ne peut plus être modifiée ainsi" in text_of(response)


@pytest.mark.parametrize("deed", ["", "destroy"])
def test_an_unknown_deed_is_not_found(browser: Browser, deed: str) -> None:
    ApplicationFactory.create()
    run = started()

    assert browser.post(f"/operations/runs/{run.pk}/change", {"deed": deed}).status_code == 404


def test_an_unknown_run_is_not_found(browser: Browser) -> None:
    assert browser.get("/operations/runs/7").status_code == 404
    assert browser.get("/operations/runs/7/progress").status_code == 404
    assert browser.post("/operations/runs/7/change", {"deed": "pause"}).status_code == 404


def test_progress_is_asked_for_again_until_the_run_ends(browser: Browser) -> None:
    ApplicationFactory.create()
    run = started()
    address = f"/operations/runs/{run.pk}/progress?seen=running"

    assert f'hx-get="{address}"' in browser.get(f"/operations/runs/{run.pk}").content.decode()
    assert browser.get(address).status_code == 200
    book.assess_next_chunk(run.pk)
    assert browser.get(address).headers["HX-Refresh"] == "true"
    assert "hx-get" not in browser.get(f"/operations/runs/{run.pk}").content.decode()


def test_a_finished_run_tells_what_changed(browser: Browser) -> None:
    assessed(agency__name="Nantes")
    activate(PolicyFactory.create(is_active=False, accept_below=0.98, refuse_from=0.99), actor=None)
    run = started()
    book.assess_next_chunk(run.pk)

    page = text_of(browser.get(f"/operations/runs/{run.pk}"))

    assert "100,0 % des avis ont changé : 1 sur les 1" in page.replace("\u202f", " ")
    assert "Nantes" in page


def test_a_first_run_has_nothing_to_compare(browser: Browser) -> None:
    ApplicationFactory.create()
    run = started()
    book.assess_next_chunk(run.pk)

    assert "pour la première fois" in text_of(browser.get(f"/operations/runs/{run.pk}"))


def test_a_chunk_that_failed_is_named_with_its_reason(browser: Browser) -> None:
    ApplicationFactory.create()
    run = started()
    run.chunks.update(state=ChunkState.FAILED, failure=Failure.GAVE_UP)

    assert "aucun n’est arrivé à son terme" in text_of(browser.get(f"/operations/runs/{run.pk}"))


def test_one_failed_request_or_all_are_tried_again(browser: Browser) -> None:
    first, *_ = failed(3)

    browser.post("/operations/retry", {"number": first})
    assert AssessmentRequest.objects.filter(state=RequestState.QUEUED).count() == 1

    browser.post("/operations/retry")
    assert AssessmentRequest.objects.filter(state=RequestState.QUEUED, failure="", attempts=0).count() == 3


def test_what_a_button_sends_is_a_number_as_programs_read_it(browser: Browser) -> None:
    [number] = failed()

    page = browser.get("/operations/").content.decode()

    assert number > 999
    assert page.count(f'name="number" value="{number}"') == 2


def test_a_failed_request_is_dropped_with_a_trace(browser: Browser) -> None:
    first, second = failed(2)

    browser.post("/operations/drop", {"number": first})

    assert AssessmentRequest.objects.get().pk == second
    event = AuditEvent.objects.get(kind=Kind.REQUEST_DROPPED)
    assert (event.subject_id, event.actor_id) == (str(first), int(browser.session["_auth_user_id"]))


def test_chosen_requests_are_cancelled_from_the_page(browser: Browser) -> None:
    first, second, other = waiting(3)
    assert f'value="{first}"' in browser.get("/operations/").content.decode()

    response = browser.post("/operations/cancel", {"number": [first, second]}, follow=True)

    assert "2 demandes sont annulées" in text_of(response)
    assert AssessmentRequest.objects.get(state=RequestState.QUEUED).pk == other
    actors = AuditEvent.objects.filter(kind=Kind.REQUEST_CANCELLED).values_list("actor_id", flat=True)
    assert list(actors) == [int(browser.session["_auth_user_id"])] * 2


def test_a_whole_queue_is_cancelled_from_the_page(browser: Browser) -> None:
    waiting(3)

    response = browser.post("/operations/cancel", {"queue": "interactive"}, follow=True)

    assert "3 demandes sont annulées" in text_of(response)
    assert "3 annulées" in text_of(response)
    assert not AssessmentRequest.objects.exclude(state=RequestState.CANCELLED).exists()


@pytest.mark.parametrize("form", [{}, {"number": "all"}, {"queue": "unknown"}, {"number": "1 OR 1=1"}])
def test_cancelling_nothing_says_what_to_do(browser: Browser, form: dict[str, str]) -> None:
    waiting(1)

    response = browser.post("/operations/cancel", form, follow=True)

    assert "Choisissez les demandes à annuler" in text_of(response)
    assert AssessmentRequest.objects.get().state == RequestState.QUEUED


def test_nothing_but_failed_requests_is_dropped(browser: Browser) -> None:
    application = ApplicationFactory.create()
    request_assessments([application.pk])

    for number in (str(application.pk), "", "all", "1 OR 1=1"):
        browser.post("/operations/drop", {"number": number})

    assert AssessmentRequest.objects.count() == 1


def test_many_failures_take_as_many_queries_as_few(
    browser: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    failed(1)
    browser.get("/operations/")
    waiting(1)
    with django_assert_max_num_queries(16) as few:
        browser.get("/operations/")
    failed(12)
    waiting(12)
    with django_assert_max_num_queries(len(few)):
        browser.get("/operations/")


def test_the_page_tells_of_the_last_backup_and_the_last_measure_of_drift(
    browser: Browser, champion: ModelVersion
) -> None:
    before = text_of(browser.get("/operations/"))
    assert before.count("jamais") == 2

    audit.record(Kind.BACKUP_MADE, actor=None, subject=("backup", "one.age"), data={})
    day = timezone.localdate()
    facts = {"received_from": day, "received_to": day, "clients_then": 500, "clients_now": 300, "score_psi": 0.031}
    report = DriftReport.objects.create(version=champion, **facts)

    response = browser.get("/operations/")
    assert "jamais" not in text_of(response)
    assert "0,031" in text_of(response)
    assert f'href="/model/drift/{report.pk}"' in response.content.decode()


def test_clearing_the_cache_counts_again_and_leaves_the_queues(browser: Browser) -> None:
    cache.set("kept", 1)
    tally = Tally.objects.create(name="old", stamp=7, counted_at=timezone.now(), facts={})
    with Redis.from_url(settings.REDIS_URL) as broker:
        broker.lpush("book", "a message")

        response = browser.post("/operations/cache")

        assert broker.llen("book") == 1
        broker.delete("book")
    assert response.headers["Location"] == "/operations/"
    assert cache.get("kept") is None
    tally.refresh_from_db()
    assert tally.stamp < 0
    assert AuditEvent.objects.get(kind=Kind.CACHE_CLEARED).actor is not None
