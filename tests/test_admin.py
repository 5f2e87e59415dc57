from __future__ import annotations

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from applications.models import Policy, Role, User
from tests.factories import PolicyFactory, UserFactory

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label in {"applications", "modelling"}]
RECORDS = ["auditevent", "assessment", "decision", "assessmentrequest"]


@pytest.fixture
def administrator() -> User:
    return UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_table_has_its_list(client: Client, administrator: User, model: type[Model]) -> None:
    client.force_login(administrator)

    answer = client.get(f"/admin/{model._meta.app_label}/{model._meta.model_name}/?q=1")

    assert answer.status_code == 200


def test_every_table_of_ours_is_in_the_admin() -> None:
    from django.apps import apps

    ours = [*apps.get_app_config("applications").get_models(), *apps.get_app_config("modelling").get_models()]
    assert set(OURS) == set(ours)


@pytest.mark.parametrize("name", RECORDS)
def test_what_was_recorded_cannot_be_added_or_deleted(client: Client, administrator: User, name: str) -> None:
    client.force_login(administrator)

    assert client.get(f"/admin/applications/{name}/add/").status_code == 403


def test_only_administrators_enter_the_admin(client: Client, anyone: User) -> None:
    client.force_login(anyone)

    answer = client.get("/admin/")

    assert answer.status_code == (200 if anyone.role == Role.ADMIN else 302)


def test_a_policy_in_the_admin_is_put_in_force_not_edited(client: Client, administrator: User) -> None:
    old = PolicyFactory.create()
    new = PolicyFactory.create(is_active=False)
    client.force_login(administrator)

    client.post("/admin/applications/policy/", {"action": "put_in_force", "_selected_action": [new.pk]})

    assert list(Policy.objects.filter(is_active=True)) == [new]
    assert client.post(f"/admin/applications/policy/{old.pk}/change/", {"cost_ratio": 99}).status_code == 403
