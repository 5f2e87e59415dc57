from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from applications import access
from applications.access import Action
from applications.models import Agency, Role, User
from tests.factories import ApplicationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_advisor_sees_his_agency_only(advisor: User) -> None:
    own = ApplicationFactory.create(agency=advisor.agency)
    ApplicationFactory.create()

    assert list(access.visible_applications(advisor)) == [own]


def test_a_foreign_application_looks_like_an_unknown_one(advisor: User) -> None:
    foreign = ApplicationFactory.create()

    with pytest.raises(Http404) as refused:
        access.find_application(advisor, foreign.pk)
    with pytest.raises(Http404) as unknown:
        access.find_application(advisor, foreign.pk + 1)

    assert str(refused.value).replace(str(foreign.pk), "") == str(unknown.value).replace(str(foreign.pk + 1), "")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR, Role.ADMIN])
def test_other_roles_see_all_agencies(role: Role) -> None:
    ApplicationFactory.create_batch(2)

    assert access.visible_applications(UserFactory.create(role=role)).count() == 2


def test_nobody_sees_nothing() -> None:
    ApplicationFactory.create()

    assert not access.visible_applications(AnonymousUser()).exists()
    assert not any(access.may(AnonymousUser(), action) for action in Action)


def test_who_left_sees_nothing(agency: Agency) -> None:
    ApplicationFactory.create(agency=agency)
    left = UserFactory.create(agency=agency, is_active=False)

    assert not access.visible_applications(left).exists()


@pytest.mark.parametrize("action", list(Action))
def test_what_one_may_not_do_does_not_exist(anyone: User, action: Action) -> None:
    if access.may(anyone, action):
        access.require(anyone, action)
        return

    with pytest.raises(Http404):
        access.require(anyone, action)


def test_only_advisors_and_managers_decide() -> None:
    deciders = {role for role in Role if access.may(UserFactory.create(role=role), Action.DECIDE)}

    assert deciders == {Role.ADVISOR, Role.MANAGER}


def test_only_auditors_and_admins_read_the_audit_log() -> None:
    readers = {role for role in Role if access.may(UserFactory.create(role=role), Action.READ_AUDIT)}

    assert readers == {Role.AUDITOR, Role.ADMIN}
