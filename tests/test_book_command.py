"""Starting a run over the book: the filter that names applications, the command, and what it refuses."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from applications.errors import FilterError
from applications.models import (
    Application,
    AssessmentRun,
    Policy,
    RunState,
    Stage,
)
from applications.selectors.book import named_by
from applications.services import runs
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, ApplicationFactory, ClientFactory
from tests.pages import assessed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion", "policy", "_small_chunks")]

NOBODY = 2**31 - 1


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BOOK_CHUNK_SIZE", 2)


def started(where: str = "") -> AssessmentRun:
    run = runs.start_run(where, actor=None)
    assert run is not None
    return run


def test_a_filter_names_applications_by_agency_status_recommendation_and_number(policy: Policy) -> None:
    nantes, lyon = AgencyFactory.create(code="nantes"), AgencyFactory.create(code="lyon-3")
    one = ApplicationFactory.create(agency=nantes, client=ClientFactory.create(id=101))
    two = ApplicationFactory.create(agency=lyon, client=ClientFactory.create(id=102), stage=Stage.REFUSED)
    three = assessed(agency=lyon, client=ClientFactory.create(id=250))
    assert three.current_assessment is not None

    def named(where: str) -> set[int]:
        return set(Application.objects.filter(named_by(where)).values_list("pk", flat=True))

    assert named("") == {one.pk, two.pk, three.pk}
    assert named("agency=nantes") == {one.pk}
    assert named("agency=nantes,lyon-3 status=refused,to_assess") == {one.pk, two.pk}
    assert named(f"recommendation={three.current_assessment.recommendation}") == {three.pk}
    assert named("id=101,200-300") == {one.pk, three.pk}
    assert named("agency=lyon-3 id=1-110") == {two.pk}


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("agence=nantes", "agency, status, recommendation, id"),
        ("nantes", "agency, status, recommendation, id"),
        ("agency=", "agency, status, recommendation, id"),
        ("agency=nowhere", "nowhere"),
        ("status=1;DROP", "to_assess"),
        ("id=1-x", "100001-200000"),
        ("id=99999999999999999999", "100001-200000"),
    ],
)
def test_a_filter_that_makes_no_sense_says_what_was_expected(where: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=sentence):
        runs.start_run(where, actor=None)


def test_the_command_joins_the_run_that_is_open() -> None:
    ApplicationFactory.create()
    run = started()

    call_command("assess_all")
    call_command("assess_all", "--pause")

    run.refresh_from_db()
    assert run.state == RunState.PAUSED
    assert AssessmentRun.objects.count() == 1
    call_command("assess_all")
    run.refresh_from_db()
    assert run.state == RunState.RUNNING


@pytest.mark.parametrize("deed", ["--pause", "--resume", "--cancel"])
def test_the_command_says_when_no_run_is_open(deed: str) -> None:
    with pytest.raises(CommandError, match="No run"):
        call_command("assess_all", deed)


def test_the_book_is_not_begun_without_a_champion(champion: ModelVersion) -> None:
    ModelVersion.objects.update(state=ModelVersion.State.RETIRED)

    with pytest.raises(CommandError, match="No model version is in force"):
        call_command("assess_all")


def test_the_book_is_not_begun_with_a_champion_that_needs_other_features(
    unfit_champion: ModelVersion,
) -> None:
    with pytest.raises(CommandError, match="not computed here: ext_source_of_old"):
        call_command("assess_all")

    assert not AssessmentRun.objects.exists()


def test_the_book_is_not_begun_without_a_policy(policy: Policy) -> None:
    Policy.objects.update(is_active=False)

    with pytest.raises(CommandError, match="No policy is in force"):
        call_command("assess_all")
