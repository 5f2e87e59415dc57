"""Ask pages of the site, in this process, for `benchmarks.pages`: python -m benchmarks._pages_asked TIMES TURN NAME….

Prints as JSON, by page, the milliseconds from the request to its whole answer: middleware, view, queries, template. The
network and the browser are not in it.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Collection, Mapping

import django

django.setup()

from django.conf import settings  # noqa: E402  after Django is set up
from django.test import Client as Browser  # noqa: E402
from django.utils import timezone  # noqa: E402

from applications.fact_forms import FactsForm, editable_facts  # noqa: E402
from applications.models import Agency, Application, User  # noqa: E402
from applications.services.population import renew_population  # noqa: E402
from applications.services.tallies import renew_tallies  # noqa: E402
from benchmarks._pages_known import PAGES, Page  # noqa: E402
from modelling import registry  # noqa: E402

WARM_UP = 3


def main(times: int, turn: int, names: Collection[str]) -> None:
    """Ask each page of these names so many times, each time of another application, and print what it took.

    turn: from 0; each asks about other applications.
    """
    logging.disable(logging.INFO)
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT, settings.REQUIRE_SECOND_FACTOR = ["*"], False, False
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    renew_tallies()
    renew_population(now=timezone.now())
    browser = Browser()
    browser.force_login(_manager(), backend="django.contrib.auth.backends.ModelBackend")
    applications = _spread(times + WARM_UP, turn)
    asked = [page for page in PAGES if page.name in names]
    json.dump(
        {page.name: [_timed(browser, page, each) for each in applications][WARM_UP:] for page in asked}, sys.stdout
    )


def _manager() -> User:
    told = {"role": "manager", "agency": Agency.objects.first()}
    return User.objects.get_or_create(username="bench-manager", defaults=told)[0]


def _spread(count: int, first: int) -> list[Application]:
    """Return assessed applications from all over the book, beginning with the one at this place."""
    numbers = list(Application.objects.exclude(current_assessment=None).order_by("pk").values_list("pk", flat=True))
    step = max(1, len(numbers) // count)
    return [Application.objects.get(pk=number) for number in numbers[first::step][:count]]


def _timed(browser: Browser, page: Page, application: Application) -> float:
    champion = registry.champion()
    feature = registry.bundle_of(champion).encoding.features[0]
    path = page.path.format(number=application.pk, version=champion.number, feature=feature)
    posted = _filled(application) if page.is_trial else None
    began = time.perf_counter()
    response = browser.get(path) if posted is None else browser.post(path, posted, headers={"HX-Request": "true"})
    took = 1000 * (time.perf_counter() - began)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}, so it cannot be measured.")
    return took


def _filled(application: Application) -> Mapping[str, object]:
    """Return the form of what-if as its page has it, with a smaller loan."""
    form = FactsForm.about(application, editable_facts(registry.bundle_of(registry.champion())))
    values = {f"fact-{name}": "" if form.initial[name] is None else form.initial[name] for name in form.fields}
    return values | {"fact-amt_credit": 1000}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
