from __future__ import annotations

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from applications.models import AuditEvent, Kind, Policy, Strategy
from applications.selectors.policies import policies_to_compare, recommendations_under
from applications.services.policies import activate, create_strategies, policy_in_force
from modelling.training.cost import Terms
from tests.factories import PolicyFactory

pytestmark = pytest.mark.django_db


def test_a_new_site_has_three_strategies_and_the_standard_one_in_force() -> None:
    created = create_strategies()

    assert {policy.strategy for policy in created} == set(Strategy)
    assert policy_in_force().strategy == Strategy.STANDARD
    assert [event.kind for event in AuditEvent.objects.all()] == [Kind.POLICY_ACTIVATED]


def test_the_prudent_strategy_accepts_less_and_the_open_one_more() -> None:
    create_strategies()

    prudent, standard, opened = policies_to_compare()

    assert (prudent.cost_ratio, standard.cost_ratio, opened.cost_ratio) == (20, 10, 5)
    assert prudent.accept_below < standard.accept_below < opened.accept_below
    assert prudent.refuse_from < standard.refuse_from < opened.refuse_from
    assert (standard.accept_below, standard.refuse_from) == (1 / 11, 0.2)


def test_done_twice_nothing_more_is_created_and_what_is_in_force_stays() -> None:
    create_strategies()
    activate(Policy.objects.get(strategy=Strategy.OPEN), actor=None)

    assert create_strategies() == []
    assert policy_in_force().strategy == Strategy.OPEN


def test_the_command_says_what_it_did() -> None:
    out = StringIO()

    call_command("create_policies", stdout=out)

    assert "3 policies created. Policy" in out.getvalue()
    assert "accept below 9.1%, refuse from 20.0%" in out.getvalue()


def test_a_strategy_is_compared_by_the_policy_in_force_else_its_latest(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    PolicyFactory.create(strategy=Strategy.OPEN, version=1, is_active=False)
    latest = PolicyFactory.create(strategy=Strategy.OPEN, version=2, is_active=False)
    in_force = PolicyFactory.create(strategy=Strategy.STANDARD, version=1)
    PolicyFactory.create(strategy=Strategy.STANDARD, version=2, is_active=False)

    with django_assert_num_queries(1):
        compared = policies_to_compare()

    assert compared == (in_force, latest)


def test_each_strategy_advises_by_its_own_thresholds() -> None:
    create_strategies()

    advised = recommendations_under(0.12, policies_to_compare())

    assert [each.recommendation for each in advised] == ["refuse", "refer", "accept"]
    assert [each.risk_level for each in advised] == ["high", "medium", "low"]


def test_a_policy_tells_the_lab_its_terms() -> None:
    policy = PolicyFactory.create(cost_ratio=8, accept_below=0.1, loss_given_default=0.6, margin=0.05)

    assert policy.terms == Terms(cost_ratio=8, loss_given_default=0.6, margin=0.05, threshold=0.1)


@pytest.mark.parametrize("shares", [{"loss_given_default": 1.2}, {"margin": 0.0}])
def test_shares_of_the_credit_lie_between_none_and_all(shares: dict[str, float]) -> None:
    with translation.override("fr"), pytest.raises(ValidationError, match="part du crédit"):
        PolicyFactory.build(**shares).full_clean()
    with pytest.raises(IntegrityError, match="policy_shares_of_the_credit"), transaction.atomic():
        PolicyFactory.create(**shares)
