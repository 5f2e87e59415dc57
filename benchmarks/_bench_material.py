"""What benchmarks of the API send: python -m benchmarks._bench_material COUNT, in the environment of the bench site.

Prints as JSON a new key, the numbers of so many applications from all over the book, and as many submissions: the
facts of a known application, sent again by its client.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

import django

django.setup()

from applications.api.facts import FactsIn  # noqa: E402  after Django is set up
from applications.models import Application, Role, Scope, User  # noqa: E402
from applications.services.api_keys import create_key  # noqa: E402

SEED = 11


def main(count: int) -> None:
    """Print them."""
    person, _ = User.objects.get_or_create(username="bench-manager", defaults={"role": Role.MANAGER})
    numbers = list(Application.objects.order_by("pk").values_list("pk", flat=True))
    drawn = random.Random(SEED).sample(numbers, min(count, len(numbers)))  # noqa: S311  no secret
    found = Application.objects.select_related("agency").in_bulk(drawn)
    told = {
        "key": create_key("bench", person=person, scopes=Scope.values, actor=None).secret,
        "applications": drawn,
        "submissions": [_submission(found[number]) for number in drawn],
    }
    json.dump(told, sys.stdout)


def _submission(application: Application) -> dict[str, Any]:
    facts = {name: getattr(application, name) for name in map(str, FactsIn().fields)}
    return {
        "client": application.client_id,
        "agency": application.agency.code,
        "facts": {name: value for name, value in facts.items() if value is not None},
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
