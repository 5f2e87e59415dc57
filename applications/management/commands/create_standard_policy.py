"""Put the standard policy in force where none is."""

from typing import Any

from django.core.management.base import BaseCommand

from applications.services.policies import standard_policy


class Command(BaseCommand):
    """Make sure that a policy is in force."""

    help = "Put the standard policy (a default costs ten wrong refusals) in force where none is."

    def handle(self, *args: Any, **options: Any) -> None:
        policy = standard_policy()
        thresholds = f"accept below {policy.accept_below:.1%}, refuse from {policy.refuse_from:.0%}"
        self.stdout.write(f"Policy {policy} is in force: {thresholds}.")
