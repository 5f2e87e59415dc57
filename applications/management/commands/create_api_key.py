"""Make a key for the REST API."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.models import Scope, User
from applications.services.api_keys import LIFETIME_DAYS, create_key


class Command(BaseCommand):
    """Make a key that acts for a person, and show it once."""

    help = "Make a key of the REST API that acts for a person (role and agency are that person's), and show it once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", help="what the key is for")
        parser.add_argument("--person", required=True, help="user name of the person it acts for")
        parser.add_argument("--scope", action="append", choices=Scope.values, help="may be repeated (read)")
        parser.add_argument("--days", type=int, default=LIFETIME_DAYS, help="until it expires (%(default)s)")

    def handle(self, *args: Any, name: str, person: str, days: int, **options: Any) -> None:
        found = User.objects.filter(username=person, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active person called {person!r}; name one who is in the administration.")
        if days < 1:
            raise CommandError(f"A key lives for 1 day or more; came {days}.")
        scopes = options["scope"] or [Scope.READ]
        made = create_key(name, person=found, scopes=scopes, actor=None, lifetime_days=days)
        self.stdout.write(
            f"{made.secret}\nThis key acts for {person} until {made.key.expires_at:%Y-%m-%d}; it is shown only now."
        )
