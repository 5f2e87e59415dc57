"""Put the first model version in force, or ask for a later one to be."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from applications.access import Action, may
from applications.errors import PromotionError
from applications.models import User
from applications.services.promotions import promote_first, request_promotion
from modelling import registry
from modelling.errors import ModellingError
from modelling.models import ModelVersion

SYSTEM = "start"


class Command(BaseCommand):
    """Parse, promote or ask, say so."""

    help = (
        "Put the first model version of a site in force. Once one is, this asks for another in a person's name, "
        "and a second person approves or refuses on the site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("version", help="number of the version, or latest")
        parser.add_argument(
            "--by", default=SYSTEM, metavar="USERNAME", help="who asks; needed once a champion is in force"
        )
        parser.add_argument("--note", default="", help="why")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = registry.version(options["version"])
            self.stdout.write(_promoted_or_asked(version, options["by"], options["note"]))
        except (ModellingError, PromotionError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("A promotion is asked for with a reason: --note TEXT.") from error


def _promoted_or_asked(version: ModelVersion, username: str, note: str) -> str:
    if version.state == ModelVersion.State.CHAMPION:
        return f"Model version {version.number} is the champion already; nothing changed."
    if not ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).exists():
        promote_first(version, note=note)
        return f"Model version {version.number} is now the champion."
    wish = request_promotion(version, actor=_person(username), reason=note)
    return f"The promotion of model version {version.number} is asked for: another person rules on request {wish.pk}."


def _person(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None or not may(found, Action.PROPOSE_MODEL):
        raise CommandError(
            f"A champion is in force: --by names the person who asks for another; {username!r} may not or is unknown."
        )
    return found
