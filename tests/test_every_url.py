"""Every address of the site and the API, crossed with every role and a client of another agency."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from applications.models import Agency, Application, FileState, Policy, Role, SavedFilter, ScoredFile, User
from applications.services.drafts import begin_draft
from applications.services.tallies import count_everything
from modelling.models import ModelVersion
from tests.factories import AgencyFactory, UserFactory
from tests.pages import assessed, browser_of

pytestmark = pytest.mark.django_db

# What nobody else has: one finds it in an answer whatever the spaces in its numbers.
MARKS = re.compile(r"123\D{0,8}457|31\D{0,8}741[.,]5")
FOREIGN_FACTS = {"amt_credit": 123_457.0, "amt_annuity": 31_741.5}
# Django's own pages, for administrators alone: they have their tests.
NOT_OURS = ("admin/",)
OPEN_TO_ALL = {"login", "health_live", "health_ready", "set_language", "logout"}
SHORTENED = re.compile(r"<(?:\w+:)?(\w+)>")
# Where a parameter names something of a person or client, and what it is filled with; the first that matches counts.
FOREIGN = (
    (r"^applications/drafts/", "draft"),
    (r"^applications/files/", "file"),
    (r"^applications/views/", "filter"),
    (r"^(api/v1/)?applications/", "application"),
)
OTHERS: Mapping[str, Mapping[str, str]] = {
    "^dictionary/": {"key": "ext_source_2"},
    "^api/v1/features/": {"key": "ext_source_2"},
    "^model/": {"number": "1", "name": "ext_source_2", "kind": "roc"},
    "^operations/runs/": {"number": "1"},
    "^quality/": {"number": "1"},
}


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver. name: of its view, "" when it has none."""

    name: str
    route: str

    @property
    def parameters(self) -> list[str]:
        """Give the names of what has to be filled in."""
        return SHORTENED.findall(self.route)

    @property
    def foreign(self) -> str | None:
        """Give the kind of thing of somebody else's it is filled with; None where it names nothing of anybody's."""
        if not self.parameters:
            return None
        return next((kind for pattern, kind in FOREIGN if re.match(pattern, self.route)), None)

    def filled(self, numbers: Mapping[str, int]) -> str:
        """Return the path; fails for a parameter that nobody said how to fill."""
        known = next((values for pattern, values in OTHERS.items() if re.match(pattern, self.route)), {})
        own = str(numbers[self.foreign]) if self.foreign else None
        missing = [] if own else [name for name in self.parameters if name not in known]
        assert not missing, f"Say in OTHERS or FOREIGN how {missing} of {self.route!r} are filled."
        return "/" + SHORTENED.sub(lambda found: own or known[found[1]], self.route)


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[Address]:
    """Walk the resolver: every pattern there is, those of other people's pages too."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if route.startswith(NOT_OURS):
            continue
        if isinstance(each, URLResolver):
            yield from addresses(each, route)
        elif isinstance(each, URLPattern):
            yield Address(each.name or "", route)


@pytest.fixture
def numbers(champion: ModelVersion, policy: Policy) -> dict[str, int]:
    """Make a client of another agency, with an assessed application, and what a colleague there keeps."""
    agency = AgencyFactory.create(name="Agence lointaine")
    application = assessed(agency=agency, **FOREIGN_FACTS)
    colleague = UserFactory.create(agency=agency)
    count_everything()
    return {
        "application": application.pk,
        "draft": begin_draft(colleague, earlier=application).pk,
        "filter": SavedFilter.objects.create(person=colleague, name="loin", query="").pk,
        "file": ScoredFile.objects.create(
            author=colleague, name="loin.csv", digest="", lines=0, state=FileState.DONE, results=[]
        ).pk,
    }


def asked(browser: Browser, address: Address, numbers: Mapping[str, int]) -> Iterator[tuple[str, Any]]:
    """Ask an address in every way a page does: as it is, with the foreign numbers in its query, by a form."""
    path, number = address.filled(numbers), numbers["application"]
    named = dict.fromkeys(("application", "number", "earlier", "client", "after", "with", "reference"), number)
    if address.name != "logout":
        yield f"GET {path}", browser.get(path)
        yield f"GET {path} …", browser.get(path, named)
        yield f"POST {path}", browser.post(path, named)


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode(errors="replace"))


def test_every_address_is_known_here() -> None:
    found = list(addresses())

    for address in found:
        address.filled(dict.fromkeys(("application", "draft", "filter", "file"), 1))
    assert len(found) > 60
    assert {"application", "draft", "filter", "file"} == {each.foreign for each in found} - {None}


def test_what_marks_the_foreign_client_is_seen_by_who_may(numbers: dict[str, int]) -> None:
    page = browser_of(UserFactory.create(role=Role.MANAGER)).get(f"/applications/{numbers['application']}")

    assert len(set(MARKS.findall(body_of(page)))) == 2


@pytest.mark.slow
def test_nothing_is_said_of_a_client_of_another_agency(numbers: dict[str, int], advisor: User) -> None:
    own = assessed(agency=advisor.agency)
    browser = browser_of(advisor)

    for address in addresses():
        for words, response in asked(browser, address, numbers):
            assert not MARKS.search(body_of(response)), words
            assert "Agence lointaine" not in body_of(response), words
            assert response.status_code not in {403, 500}, words
            if address.foreign:
                assert response.status_code in {404, 405}, words
    assert browser.get(f"/applications/{own.pk}").status_code == 200
    assert Application.objects.get(pk=numbers["application"]).version == 1


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.AUDITOR, Role.ADMIN])
def test_no_address_fails_or_forbids_whoever_asks(numbers: dict[str, int], agency: Agency, role: Role) -> None:
    is_admin = role == Role.ADMIN
    browser = browser_of(UserFactory.create(role=role, agency=agency, is_staff=is_admin, is_superuser=is_admin))

    for address in addresses():
        for words, response in asked(browser, address, numbers):
            assert response.status_code not in {403, 500}, words


def test_nobody_unknown_reads_anything(numbers: dict[str, int]) -> None:
    browser = Browser()

    for address in addresses():
        for words, response in asked(browser, address, numbers):
            assert not MARKS.search(body_of(response)), words
            assert address.name in OPEN_TO_ALL or response.status_code in {301, 302, 401, 404, 405}, words
