from __future__ import annotations

import pytest
from django.test import Client

from applications.models import Application, AssessmentRequest, AuditEvent, Kind, Role, Stage, User
from applications.services.intake import change_facts, submit
from tests.factories import AgencyFactory, ApplicationFactory, ClientFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_submitted_application_asks_for_an_assessment(advisor: User) -> None:
    application = ApplicationFactory.build(client=ClientFactory.create(), agency=AgencyFactory.create())

    submit(application, actor=advisor)

    assert AssessmentRequest.objects.get().application == application
    assert AuditEvent.objects.get().kind == Kind.APPLICATION_CHANGED


def test_changed_facts_make_a_new_version_to_assess(advisor: User) -> None:
    application = ApplicationFactory.create(stage=Stage.TO_DECIDE)
    application.amt_credit = 500_000.0

    change_facts(application, actor=advisor, changed=["amt_credit"])

    stored = Application.objects.get()
    assert (stored.amt_credit, stored.version, stored.stage) == (500_000.0, 2, Stage.TO_ASSESS)
    assert AssessmentRequest.objects.get().application_version == 2
    assert AuditEvent.objects.get().data == {"version": 2, "fields": ["amt_credit"]}


def test_nothing_changed_leaves_no_trace(advisor: User) -> None:
    application = ApplicationFactory.create()

    change_facts(application, actor=advisor, changed=[])

    assert Application.objects.get().version == 1
    assert not AuditEvent.objects.exists()


def test_a_change_leaves_other_columns_as_the_database_has_them(advisor: User) -> None:
    application = ApplicationFactory.create()
    Application.objects.update(amt_annuity=1_000.0)
    application.amt_credit = 500_000.0

    change_facts(application, actor=advisor, changed=["amt_credit"])

    assert Application.objects.get().amt_annuity == 1_000.0


def test_an_administrator_corrects_a_fact_in_the_admin(client: Client) -> None:
    admin = UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True)
    application = ApplicationFactory.create()
    client.force_login(admin)
    address = f"/admin/applications/application/{application.pk}/change/"
    form = client.get(address).context["adminform"].form
    posted = {name: "" if value is None else value for name, value in form.initial.items() if name in form.fields}

    answer = client.post(address, {**posted, "amt_credit": "450000"})

    assert answer.status_code == 302
    stored = Application.objects.get()
    assert (stored.amt_credit, stored.version) == (450_000.0, 2)
    assert AuditEvent.objects.get(kind=Kind.APPLICATION_CHANGED).data["fields"] == ["amt_credit"]


def test_barred_facts_are_not_shown_in_the_admin(client: Client) -> None:
    client.force_login(UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True))
    application = ApplicationFactory.create(code_gender="F")

    page = client.get(f"/admin/applications/application/{application.pk}/change/").content.decode()

    assert "code_gender" not in page
    assert "family_status" not in page
    assert "social_circle" not in page
