"""Rows for tests: valid, small, and saying only what the test is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from factory.declarations import SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory, Password

from applications.models import Agency, Application, BureauCredit, Client, Policy, PreviousApplication, Role, User

PASSWORD = "correct horse battery staple"


class AgencyFactory(DjangoModelFactory[Agency]):
    class Meta:
        model = Agency

    code = Sequence(lambda n: f"agency-{n}")
    name = Sequence(lambda n: f"Agence {n}")


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = Sequence(lambda n: f"person-{n}")
    password = Password(PASSWORD)
    role = Role.ADVISOR
    agency = SubFactory(AgencyFactory)


class PolicyFactory(DjangoModelFactory[Policy]):
    class Meta:
        model = Policy

    version = Sequence(lambda n: n + 1)
    cost_ratio = 10.0
    accept_below = 1 / 11
    refuse_from = 0.20
    medium_from = 1 / 11
    high_from = 0.20
    is_active = True


class ClientFactory(DjangoModelFactory[Client]):
    class Meta:
        model = Client

    id = Sequence(lambda n: 100_001 + n)


class ApplicationFactory(DjangoModelFactory[Application]):
    """An application as published, with the columns a person would look at first."""

    class Meta:
        model = Application

    client = SubFactory(ClientFactory)
    sk_id_curr = SelfAttribute("client.id")
    agency = SubFactory(AgencyFactory)
    received_on = date(2026, 9, 1)
    name_contract_type = "Cash loans"
    code_gender = "F"
    name_family_status = "Married"
    amt_income_total = 202_500.0
    amt_credit = 406_597.5
    amt_annuity = 24_700.5
    amt_goods_price = 351_000.0
    name_education_type = "Higher education"
    name_income_type = "Working"
    name_housing_type = "House / apartment"
    days_birth = -9_461
    days_employed = -637
    ext_source_2 = 0.26
    ext_source_3 = 0.14


class BureauCreditFactory(DjangoModelFactory[BureauCredit]):
    class Meta:
        model = BureauCredit

    sk_id_bureau = Sequence(lambda n: 5_000_001 + n)
    credit_active = "Active"
    credit_currency = "currency 1"
    credit_type = "Consumer credit"
    days_credit = -500
    amt_credit_sum = 120_000.0
    amt_credit_sum_debt = 60_000.0


class PreviousApplicationFactory(DjangoModelFactory[PreviousApplication]):
    class Meta:
        model = PreviousApplication

    sk_id_prev = Sequence(lambda n: 1_000_001 + n)
    name_contract_type = "Consumer loans"
    name_contract_status = "Approved"
    amt_application = 60_000.0
    amt_credit = 60_000.0
    amt_annuity = 6_000.0
    days_decision = -900


def application_of(agency: Agency, **facts: Any) -> Application:
    """Create an application in an agency, of a new client."""
    return ApplicationFactory.create(agency=agency, **facts)
