"""Policies: which is in force, which strategies there are."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop

from applications import audit
from applications.errors import NoPolicyError
from applications.models import Kind, Policy, Strategy, User
from modelling.training.cost import optimal_threshold

COST_RATIOS = {Strategy.PRUDENT: 20.0, Strategy.STANDARD: 10.0, Strategy.OPEN: 5.0}
EXAMINED_SHARE = 0.4


@transaction.atomic
def activate(policy: Policy, *, actor: User | None) -> Policy:
    """Put this policy in force in place of the one that is."""
    Policy.objects.select_for_update().filter(is_active=True).exclude(pk=policy.pk).update(is_active=False)
    policy.is_active = True
    policy.full_clean()
    policy.save()
    audit.record(Kind.POLICY_ACTIVATED, actor=actor, subject=policy, data=_facts(policy))
    return policy


def policy_in_force() -> Policy:
    """Give the policy in force. Raises NoPolicyError when there is none."""
    active = Policy.objects.filter(is_active=True).first()
    if active is None:
        raise NoPolicyError(gettext_noop("No policy is in force; put one in force in the administration."))
    return active


@transaction.atomic
def create_strategies() -> list[Policy]:
    """Create the first version of each strategy that has none, and put the standard one in force where none is.

    Give the versions that were created. With calibrated probabilities and costs k:1 the cheapest threshold is
    1 / (1 + k) (Elkan 2001); a person examines what lies between it and the threshold of a default that costs
    EXAMINED_SHARE of that: 9.1 % to 20 % for the standard strategy.
    """
    known = set(Policy.objects.values_list("strategy", flat=True))
    created = [_first_version(strategy, ratio) for strategy, ratio in COST_RATIOS.items() if strategy not in known]
    if not Policy.objects.filter(is_active=True).exists():
        activate(Policy.objects.filter(strategy=Strategy.STANDARD).latest("version"), actor=None)
    return created


def _first_version(strategy: Strategy, ratio: float) -> Policy:
    accept_below = optimal_threshold(ratio)
    refuse_from = optimal_threshold(ratio * EXAMINED_SHARE)
    policy = Policy(
        strategy=strategy,
        version=1,
        cost_ratio=ratio,
        accept_below=accept_below,
        refuse_from=refuse_from,
        medium_from=accept_below,
        high_from=refuse_from,
    )
    policy.full_clean()
    policy.save()
    return policy


def _facts(policy: Policy) -> dict[str, object]:
    return {
        "strategy": policy.strategy,
        "version": policy.version,
        "cost_ratio": policy.cost_ratio,
        "loss_given_default": policy.loss_given_default,
        "margin": policy.margin,
        "accept_below": policy.accept_below,
        "refuse_from": policy.refuse_from,
    }
