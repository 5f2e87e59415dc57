"""What every page knows: demo data or not, who is here, where to go, and the other language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from applications.access import Action, may
from applications.models import User


class Language(NamedTuple):
    """A language of the site, named in itself."""

    code: str
    name: str


LANGUAGES = (Language("fr", "Français"), Language("en", "English"))


@dataclass(frozen=True)
class NavEntry:
    """One page of the menu."""

    label: str
    address: str
    is_current: bool


@dataclass(frozen=True)
class Frame:
    """What stands around every page. who: agency and role; empty when nobody is logged in."""

    is_demo: bool
    who: str
    nav: tuple[NavEntry, ...]
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


def _nav(person: User, path: str) -> tuple[NavEntry, ...]:
    places = [(gettext("Applications"), reverse("application_list"))]
    if may(person, Action.READ_AUDIT):
        places.append((gettext("Audit log"), reverse("journal")))
    if may(person, Action.ADMINISTER):
        places.append((gettext("Administration"), reverse("admin:index")))
    return tuple(NavEntry(label, address, path.startswith(address)) for label, address in places)
