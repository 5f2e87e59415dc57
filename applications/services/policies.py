"""Putting policies and model versions in force, each with its audit event."""

from __future__ import annotations

from django.db import transaction

from applications import audit
from applications.errors import NoPolicyError
from applications.models import Kind, Policy, Strategy, User
from modelling.models import ModelVersion

STANDARD_COST_RATIO = 10.0
STANDARD_REFUSE_FROM = 0.20


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
        raise NoPolicyError("No policy is in force; put one in force in the administration.")
    return active


def standard_policy() -> Policy:
    """Give the policy in force, or put a first one in force: a default costs ten wrong refusals.

    With calibrated probabilities and costs k:1 the cheapest threshold is 1 / (1 + k) (Elkan 2001), 9.1 % here;
    a person examines what lies between it and 20 %.
    """
    active = Policy.objects.filter(is_active=True).first()
    if active is not None:
        return active
    threshold = 1 / (1 + STANDARD_COST_RATIO)
    policy = Policy(
        strategy=Strategy.STANDARD,
        version=1,
        cost_ratio=STANDARD_COST_RATIO,
        accept_below=threshold,
        refuse_from=STANDARD_REFUSE_FROM,
        medium_from=threshold,
        high_from=STANDARD_REFUSE_FROM,
    )
    return activate(policy, actor=None)


def record_promotion(version: ModelVersion, actor: User | None, note: str) -> None:
    """Write the audit event of a promotion; the lab calls this by its name in the settings."""
    audit.record(
        Kind.MODEL_PROMOTED,
        actor=actor,
        subject=version,
        data={"number": version.number, "digest": version.digest, "note": note},
    )


def _facts(policy: Policy) -> dict[str, object]:
    return {
        "strategy": policy.strategy,
        "version": policy.version,
        "cost_ratio": policy.cost_ratio,
        "accept_below": policy.accept_below,
        "refuse_from": policy.refuse_from,
    }
