from __future__ import annotations

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.errors import PromotionError
from applications.models import AuditEvent, Kind, Policy, PromotionRequest, PromotionState, Recommendation, Role, User
from applications.selectors.fairness import unanswered_proxies
from applications.services import promotions
from applications.services.previews import Move, ask_preview, counted, make_preview
from applications.services.proxies import note_proxies
from modelling import registry
from modelling.errors import BundleError
from modelling.models import ModelVersion
from tests.conftest import TwoVersions
from tests.factories import AgencyFactory, UserFactory
from tests.fairness_reports import fairness_report_on
from tests.pages import advice_on, assessed

pytestmark = pytest.mark.django_db

ACCEPT, REFER, REFUSE = Recommendation


@pytest.fixture
def analyst() -> User:
    return UserFactory.create(role=Role.ANALYST)


@pytest.fixture
def manager() -> User:
    return UserFactory.create(role=Role.MANAGER)


@pytest.fixture
def challenger(two_versions: TwoVersions) -> ModelVersion:
    """Put the first version in force; give the second."""
    registry.promote(two_versions[0], actor=None, note="start")
    return two_versions[1]


@pytest.fixture
def wish(challenger: ModelVersion, analyst: User) -> PromotionRequest:
    return promotions.request_promotion(challenger, actor=analyst, reason="Better calibrated")


def kinds() -> list[str]:
    return [event.kind for event in AuditEvent.objects.all()]


def test_a_requested_version_is_the_challenger_until_another_person_approves(
    wish: PromotionRequest, manager: User
) -> None:
    assert registry.version("2").state == "challenger"
    assert registry.champion().number == 1

    promotions.approve(wish, actor=manager)

    wish.refresh_from_db()
    assert registry.champion() == wish.version
    assert (wish.state, wish.ruled_by) == (PromotionState.APPROVED, manager)
    assert registry.champion().promoted_by == manager
    assert registry.version("1").state == "retired"
    assert kinds() == [Kind.PROMOTION_REQUESTED, Kind.MODEL_PROMOTED]
    assert AuditEvent.objects.last().data["requested_by"] == wish.requested_by.username  # type: ignore[union-attr]


def test_whoever_asks_cannot_rule(wish: PromotionRequest) -> None:
    for rule in (promotions.approve, promotions.refuse):
        with pytest.raises(PromotionError):
            rule(wish, actor=wish.requested_by, reason="I am sure")
    assert registry.champion().number == 1


@pytest.mark.parametrize("state", [PromotionState.APPROVED, PromotionState.REFUSED])
def test_the_database_itself_wants_two_people(wish: PromotionRequest, state: PromotionState) -> None:
    with pytest.raises(IntegrityError, match="promotion_ruled_by_another"), transaction.atomic():
        PromotionRequest.objects.filter(pk=wish.pk).update(
            state=state, ruled_by=wish.requested_by, ruled_at=timezone.now()
        )


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [({"state": "approved"}, "promotion_ruled_once"), ({"reason": ""}, "promotion_says_why")],
)
def test_a_ruling_names_its_person_and_a_request_its_reason(
    wish: PromotionRequest, changed: dict[str, str], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PromotionRequest.objects.filter(pk=wish.pk).update(**changed)


def test_a_refused_version_is_a_candidate_again_and_the_reason_is_kept(wish: PromotionRequest, manager: User) -> None:
    promotions.refuse(wish, actor=manager, reason="The groups differ")

    wish.refresh_from_db()
    assert (wish.state, wish.ruling) == (PromotionState.REFUSED, "The groups differ")
    assert registry.version("2").state == "candidate"
    assert kinds()[-1] == Kind.PROMOTION_REFUSED


def test_a_request_is_withdrawn_by_its_own_person_alone(wish: PromotionRequest, manager: User) -> None:
    with pytest.raises(PromotionError):
        promotions.withdraw(wish, actor=manager)

    promotions.withdraw(wish, actor=wish.requested_by)

    assert registry.version("2").state == "candidate"
    assert kinds()[-1] == Kind.PROMOTION_WITHDRAWN


def test_a_request_is_ruled_on_once(wish: PromotionRequest, manager: User) -> None:
    promotions.refuse(wish, actor=manager, reason="No")

    with pytest.raises(PromotionError):
        promotions.approve(wish, actor=manager)
    assert registry.champion().number == 1


def test_a_version_is_asked_for_once_at_a_time_and_the_champion_never(wish: PromotionRequest, manager: User) -> None:
    with pytest.raises(PromotionError):
        promotions.request_promotion(wish.version, actor=manager, reason="Me too")
    with pytest.raises(PromotionError):
        promotions.request_promotion(registry.champion(), actor=manager, reason="Again")
    assert PromotionRequest.objects.count() == 1


def test_a_request_says_why(challenger: ModelVersion, analyst: User) -> None:
    with pytest.raises(ValidationError):
        promotions.request_promotion(challenger, actor=analyst, reason="  ")
    assert registry.version("2").state == "candidate"


def test_one_step_goes_back_to_the_version_before(wish: PromotionRequest, manager: User) -> None:
    promotions.approve(wish, actor=manager)

    restored = promotions.roll_back(actor=manager, reason="Refusals doubled")

    assert registry.champion() == restored == registry.version("1")
    assert registry.version("2").state == "retired"
    event = AuditEvent.objects.last()
    assert event is not None
    assert (event.kind, event.data["replaced"]) == (Kind.MODEL_ROLLED_BACK, 2)
    assert promotions.roll_back(actor=manager, reason="It was not the model").number == 2


def test_neither_the_first_version_nor_a_rollback_waits_for_notes_on_proxies_but_both_name_them(
    two_versions: TwoVersions, analyst: User, manager: User
) -> None:
    first, second = two_versions
    fairness_report_on(first, ext_source_2=0.9)

    promotions.promote_first(first, note="start")
    wish = promotions.request_promotion(second, actor=analyst, reason="Better calibrated")
    promotions.approve(wish, actor=manager)
    promotions.roll_back(actor=manager, reason="Refusals doubled")

    assert registry.champion() == first
    told = {event.kind: event.data.get("unanswered") for event in AuditEvent.objects.order_by("-pk")}
    assert told[Kind.MODEL_ROLLED_BACK] == told[Kind.MODEL_PROMOTED] == ["ext_source_2"]
    note_proxies(first, features=["ext_source_2"], actor=analyst, reason="A score of a credit bureau")
    assert unanswered_proxies(first) == []


def test_without_an_earlier_champion_or_a_reason_there_is_no_way_back(challenger: ModelVersion, manager: User) -> None:
    with pytest.raises(PromotionError):
        promotions.roll_back(actor=manager, reason="Why not")
    with pytest.raises(PromotionError):
        promotions.roll_back(actor=manager, reason=" ")
    assert registry.champion().number == 1


def test_the_first_version_is_promoted_by_whoever_runs_the_site(two_versions: TwoVersions) -> None:
    out = StringIO()

    call_command("promote_model", "latest", by="start", stdout=out)
    call_command("promote_model", "latest", by="start", stdout=out)

    assert registry.champion().number == 2
    assert registry.champion().promoted_by is None
    assert "Model version 2 is now the champion." in out.getvalue()
    assert "nothing changed" in out.getvalue()
    assert kinds() == [Kind.MODEL_PROMOTED]


def test_a_later_promotion_by_command_is_a_request_like_any_other(challenger: ModelVersion, analyst: User) -> None:
    out = StringIO()

    call_command("promote_model", "2", by=analyst.username, note="Better", stdout=out)

    assert registry.champion().number == 1
    assert PromotionRequest.objects.get().requested_by == analyst
    assert "another person rules on request" in out.getvalue()


@pytest.mark.parametrize("by", ["start", "nobody"])
def test_a_later_promotion_needs_a_name(challenger: ModelVersion, by: str) -> None:
    with pytest.raises(CommandError, match=f"{by}' may not or is unknown"):
        call_command("promote_model", "2", by=by, note="x")


def test_a_later_promotion_by_command_needs_a_right_and_a_reason(
    challenger: ModelVersion, analyst: User, advisor: User
) -> None:
    with pytest.raises(CommandError, match="may not"):
        call_command("promote_model", "2", by=advisor.username, note="x")
    with pytest.raises(CommandError, match="--note"):
        call_command("promote_model", "2", by=analyst.username)


def test_a_version_whose_bundle_was_changed_is_not_asked_for(
    challenger: ModelVersion, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ModelVersion.objects.filter(pk=challenger.pk).update(digest="0" * 64)
    challenger.refresh_from_db()

    with pytest.raises(BundleError, match="was changed"):
        promotions.request_promotion(challenger, actor=analyst, reason="Better")


def test_moves_are_counted_from_side_to_side_and_by_agency() -> None:
    moves = [Move("A", ACCEPT, ACCEPT), Move("A", ACCEPT, REFUSE), Move("B", REFER, ACCEPT), Move("B", REFUSE, REFER)]

    found = counted(moves)

    assert found["moves"]["accept"] == {"accept": 1, "refer": 0, "refuse": 1}
    assert found["moves"]["refer"]["accept"] == found["moves"]["refuse"]["refer"] == 1
    assert found["agencies"] == [
        {"agency": "A", "same": 1, "kinder": 0, "stricter": 1},
        {"agency": "B", "same": 0, "kinder": 2, "stricter": 0},
    ]


def test_a_preview_rescores_what_waits_for_a_decision(wish: PromotionRequest, policy: Policy) -> None:
    agency = AgencyFactory.create(name="Lyon")
    waiting = [assessed(agency=agency, ext_source_2=score / 10, ext_source_3=0.3) for score in range(1, 7)]
    waiting.append(assessed(agency=agency, client=waiting[0].client, sk_id_curr=900_000))
    ask_preview(wish)

    make_preview(wish)

    wish.refresh_from_db()
    preview = wish.preview or {}
    assert (preview["looked_at"], preview["waiting"], preview["champion"]) == (7, 7, 1)
    assert [each["agency"] for each in preview["agencies"]] == ["Lyon"]
    before = {side: sum(row.values()) for side, row in preview["moves"].items()}
    now = [advice_on(application).recommendation for application in waiting]
    assert before == {side: now.count(side) for side in Recommendation}


def test_a_preview_that_cannot_be_made_says_why(wish: PromotionRequest) -> None:
    make_preview(wish)

    wish.refresh_from_db()
    assert wish.preview is None
    assert "No policy is in force" in wish.preview_error
