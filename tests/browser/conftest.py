"""A real Chromium against a live site. Where Chromium is missing these tests are skipped, with one sentence."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from applications.models import Application, Policy, User
from modelling.models import ModelVersion
from tests.factories import PASSWORD, BureauCreditFactory
from tests.pages import assessed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = "--disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"
MISSING = "Chromium is not installed, so the pages are not tried in a browser: apt-get install chromium."
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright runs its own event loop in this thread, in which Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@dataclass
class Visit:
    """One person's page, and everything the browser complained of meanwhile."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the site."""
        self.page.goto(f"{self.address}{path}")

    def axe_violations(self) -> list[str]:
        """Return what axe-core finds wrong with the page as it is."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)
        return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found["violations"]]

    def complaints_but(self, status: str) -> list[str]:
        """Return the browser's complaints, but for answers of this status, which it always tells."""
        return [each for each in self.complaints if f"status of {status}" not in each]

    def scrolls_sideways(self) -> bool:
        """Tell whether the page is wider than its window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here, and skip it where it cannot run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visit]]:
    """Give a function that opens a window: `dark` or light, `width` pixels wide."""
    contexts: list[BrowserContext] = []

    def start(*, dark: bool = False, width: int = 1360) -> Visit:
        context = chromium.new_context(
            color_scheme="dark" if dark else "light", viewport={"width": width, "height": 900}, locale="fr-FR"
        )
        contexts.append(context)
        found = Visit(context.new_page(), live_server.url)
        found.page.on("console", lambda message: found.complaints.append(message.text))
        found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
        return found

    with override_settings(DEMO_DATA=True):
        yield start
    for context in contexts:
        context.close()


@pytest.fixture
def log_in(advisor: User) -> Callable[[Visit], None]:
    def fill_in(visit: Visit) -> None:
        visit.open("/login")
        visit.page.get_by_label("Nom d'utilisateur").fill(advisor.username)
        visit.page.get_by_label("Mot de passe").fill(PASSWORD)
        visit.page.get_by_role("main").get_by_role("button").click()
        # Until the page has loaded, its scripts have not run and do not hear the keyboard.
        visit.page.wait_for_url(lambda address: "/login" not in address, wait_until="load")

    return fill_in


@pytest.fixture
def application(transactional_db: None, advisor: User, champion: ModelVersion, policy: Policy) -> Application:
    found = assessed(agency=advisor.agency)
    BureauCreditFactory.create(client=found.client)
    return found
