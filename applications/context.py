"""What every page knows: demo data or not, who is here, where to go, and the other language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from applications.access import Action, may
from applications.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class Language(NamedTuple):
    """A language of the site, named in itself."""

    code: str
    name: str


LANGUAGES = (Language("fr", "Français"), Language("en", "English"))


@dataclass(frozen=True)
class Place:
    """A page of the menu, and what a person must be allowed to find it there."""

    label: StrPromise
    url_name: str
    needs: Action | None = None


@dataclass(frozen=True)
class Group:
    """Pages of the menu under a common word; where a person finds none of them, it is left out."""

    label: StrPromise
    places: tuple[Place, ...]


MENU: tuple[Place | Group, ...] = (
    Place(_("Applications"), "application_list"),
    Place(_("Portfolio"), "portfolio"),
    Group(
        pgettext_lazy("menu", "Model"),
        (
            Place(_("Global explanation"), "global_explanation"),
            Place(_("Versions"), "model_versions", Action.READ_MODELS),
            Place(_("Trainings"), "trainings", Action.READ_MODELS),
            Place(_("Searches of settings"), "studies", Action.READ_MODELS),
            Place(_("Comparisons"), "comparisons", Action.READ_MODELS),
            Place(_("Performance"), "performance", Action.READ_MODELS),
            Place(_("Drift"), "drift", Action.READ_MODELS),
        ),
    ),
    Group(
        pgettext_lazy("menu", "Data"),
        (
            Place(_("Dictionary"), "dictionary"),
            Place(_("Map of the tables"), "table_map"),
            Place(_("Data quality"), "quality", Action.READ_QUALITY),
        ),
    ),
    Group(
        pgettext_lazy("menu", "Control"),
        (
            Place(_("Audit log"), "journal", Action.READ_AUDIT),
            Place(_("Operations"), "operations", Action.ADMINISTER),
            Place(_("Administration"), "admin:index", Action.ADMINISTER),
        ),
    ),
)


@dataclass(frozen=True)
class NavEntry:
    """One page of the menu."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class NavGroup:
    """Pages under a common word."""

    label: str
    entries: tuple[NavEntry, ...]

    @property
    def is_current(self) -> bool:
        """Tell whether the reader is on one of its pages."""
        return any(entry.is_current for entry in self.entries)


@dataclass(frozen=True)
class Frame:
    """What stands around every page. who: agency and role; empty when nobody is logged in."""

    is_demo: bool
    who: str
    nav: tuple[NavEntry | NavGroup, ...]
    other_language: Language


def site(request: HttpRequest) -> dict[str, object]:
    """Give `frame` to every template; nothing is read before one asks for it. (LoginView takes `site` for itself.)"""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> Frame:
    user = getattr(request, "user", None)  # an early failure has none
    person = user if isinstance(user, User) else None
    return Frame(
        is_demo=settings.DEMO_DATA,
        who=_who(person) if person else "",
        nav=_nav(person, request.path) if person else (),
        other_language=next(language for language in LANGUAGES if language.code != (get_language() or "fr")),
    )


def _who(person: User) -> str:
    role = person.get_role_display()
    return f"{person.agency} · {role}" if person.agency_id else role


def _nav(person: User, path: str) -> tuple[NavEntry | NavGroup, ...]:
    found = (_item(item, person, path) for item in MENU)
    return tuple(item for item in found if item is not None)


def _item(item: Place | Group, person: User, path: str) -> NavEntry | NavGroup | None:
    if isinstance(item, Place):
        return _entry(item, person, path)
    entries = tuple(entry for place in item.places if (entry := _entry(place, person, path)) is not None)
    return NavGroup(str(item.label), entries) if entries else None


def _entry(place: Place, person: User, path: str) -> NavEntry | None:
    if place.needs is not None and not may(person, place.needs):
        return None
    address = reverse(place.url_name)
    return NavEntry(str(place.label), address, path.startswith(address))
