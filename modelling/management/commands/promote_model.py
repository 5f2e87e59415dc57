"""promote_model: put a registered model version in force."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import import_string

from modelling import registry
from modelling.errors import ModellingError
from modelling.models import ModelVersion

SYSTEM = "start"


class Command(BaseCommand):
    """Parse, promote, have it recorded, say so."""

    help = "Put a model version in force; the one before it is retired."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("version", help="number of the version, or latest")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help=f"who; {SYSTEM!r} is the system's first start"
        )
        parser.add_argument("--note", default="", help="why")

    def handle(self, **options: Any) -> None:
        """Promote."""
        actor = _actor(options["by"])
        try:
            version = registry.version(options["version"])
            if version.state == ModelVersion.State.CHAMPION:
                self.stdout.write(f"Model version {version.number} is the champion already; nothing changed.")
                return
            promoted = _promote(version, actor, options["note"])
        except ModellingError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Model version {promoted.number} is now the champion.")


@transaction.atomic
def _promote(version: ModelVersion, actor: AbstractBaseUser | None, note: str) -> ModelVersion:
    """Promote and have whoever keeps the audit log record it, in one transaction; the lab does not know that keeper."""
    promoted = registry.promote(version, actor=actor, note=note)
    if settings.PROMOTION_RECORDER:
        import_string(settings.PROMOTION_RECORDER)(promoted, actor, note)
    return promoted


def _actor(username: str) -> AbstractBaseUser | None:
    if username == SYSTEM:
        return None
    found = get_user_model()._default_manager.filter(username=username, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active person with user name {username!r}.")
    return found
