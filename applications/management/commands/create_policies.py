"""Create the three strategies, and put the standard one in force where none is."""

from typing import Any

from django.core.management.base import BaseCommand

from applications.services.policies import create_strategies, policy_in_force


class Command(BaseCommand):
    """Make sure that each strategy has a policy and that one is in force."""

    help = "Create the prudent, standard and open policies that are missing; put the standard one in force if none is."

    def handle(self, *args: Any, **options: Any) -> None:
        created = create_strategies()
        policy = policy_in_force()
        thresholds = f"accept below {policy.accept_below:.1%}, refuse from {policy.refuse_from:.1%}"
        self.stdout.write(f"{len(created)} policies created. Policy {policy} is in force: {thresholds}.")
