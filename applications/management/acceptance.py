"""The options by which a person accepts what data quality blocks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from applications.models import User
from applications.services.quality import Acceptance


def add_acceptance(parser: CommandParser) -> None:
    """Declare --accept-quality and --by."""
    parser.add_argument(
        "--accept-quality", metavar="REASON", help="let through what data quality blocks; kept with the report"
    )
    parser.add_argument("--by", metavar="USERNAME", help="who accepts it")


def acceptance_of(options: dict[str, Any]) -> Acceptance | None:
    """Give the acceptance, None when there is none. Raises CommandError for half of one."""
    reason, username = options["accept_quality"], options["by"]
    if (reason is None) != (username is None):
        raise CommandError("--accept-quality REASON and --by USERNAME go together.")
    return None if reason is None else Acceptance(person(username), reason)


def person(username: str) -> User:
    """Give an active person. Raises CommandError when there is none of that name."""
    found = User.objects.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active person with user name {username!r}.")
    return found
