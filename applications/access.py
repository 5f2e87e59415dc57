"""Who may see and do what. Every page, API address and task asks here, and nowhere else.

Whoever may not see a thing is told that it does not exist: 404, never 403.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum, auto

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from applications.models import Agency, Application, Client, Draft, Role, ScoredFile, User

Person = User | AnonymousUser


class Action(StrEnum):
    """What a person may do beside reading the applications he sees."""

    DECIDE = auto()
    REQUEST_ASSESSMENT = auto()
    SEE_ALL_AGENCIES = auto()
    READ_AUDIT = auto()
    READ_MODELS = auto()
    DOWNLOAD_BUNDLE = auto()
    PROPOSE_MODEL = auto()
    TRAIN_MODEL = auto()
    RULE_ON_MODEL = auto()
    READ_QUALITY = auto()
    ACCEPT_QUALITY = auto()
    ADMINISTER = auto()


LEAST_GROUP = 10
_QUALITY = frozenset({Action.READ_QUALITY, Action.ACCEPT_QUALITY})
ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.ADVISOR: frozenset({Action.DECIDE, Action.REQUEST_ASSESSMENT}),
    Role.ANALYST: frozenset(
        {
            Action.SEE_ALL_AGENCIES,
            Action.READ_MODELS,
            Action.DOWNLOAD_BUNDLE,
            Action.PROPOSE_MODEL,
            Action.TRAIN_MODEL,
            *_QUALITY,
        }
    ),
    Role.MANAGER: frozenset(
        {
            Action.DECIDE,
            Action.REQUEST_ASSESSMENT,
            Action.SEE_ALL_AGENCIES,
            Action.READ_MODELS,
            Action.PROPOSE_MODEL,
            Action.RULE_ON_MODEL,
            *_QUALITY,
        }
    ),
    Role.AUDITOR: frozenset({Action.SEE_ALL_AGENCIES, Action.READ_AUDIT, Action.READ_MODELS, Action.READ_QUALITY}),
    Role.ADMIN: frozenset(Action) - {Action.DECIDE},
}
_TWO_FACTOR_ROLES = frozenset({Role.ADMIN, Role.ANALYST, Role.MANAGER})


def may(person: Person, action: Action) -> bool:
    """Tell whether this person's role allows the action; nobody unknown or inactive may do anything."""
    return isinstance(person, User) and person.is_active and action in ALLOWED[Role(person.role)]


def require(person: Person, action: Action) -> User:
    """Give the person, who may do this; raises Http404 when he may not."""
    if isinstance(person, User) and may(person, action):
        return person
    raise Http404(_("This page does not exist, or you may not see it."))


def needs_second_factor(person: Person) -> bool:
    """Tell whether this person must show a one-time code before any page: those who can change or see much do."""
    return settings.REQUIRE_SECOND_FACTOR and isinstance(person, User) and Role(person.role) in _TWO_FACTOR_ROLES


def visible_applications(person: Person) -> QuerySet[Application]:
    """Give the applications this person may read: an advisor those of his agency, other roles all."""
    if may(person, Action.SEE_ALL_AGENCIES):
        return Application.objects.all()
    if not isinstance(person, User) or not person.is_active or person.agency_id is None:
        return Application.objects.none()
    return Application.objects.filter(agency_id=person.agency_id)


def visible_agencies(person: Person) -> QuerySet[Agency]:
    """Give the agencies whose applications this person may read."""
    if may(person, Action.SEE_ALL_AGENCIES):
        return Agency.objects.all()
    if not isinstance(person, User) or not person.is_active or person.agency_id is None:
        return Agency.objects.none()
    return Agency.objects.filter(pk=person.agency_id)


def visible_drafts(person: Person) -> QuerySet[Draft]:
    """Give the drafts of new applications this person may read: his own, nobody else's."""
    return Draft.objects.filter(author=person) if isinstance(person, User) else Draft.objects.none()


def visible_files(person: Person) -> QuerySet[ScoredFile]:
    """Give the scored files this person may read: those he brought, nobody else's."""
    return ScoredFile.objects.filter(author=person) if isinstance(person, User) else ScoredFile.objects.none()


def find_application(
    person: Person, number: int, *, related: Sequence[str] = (), without: Sequence[str] = ()
) -> Application:
    """Give one application by its number, read in one query with what is `related` and `without` some columns.

    Raises Http404, the same for one unknown and one the person may not see.
    """
    found = visible_applications(person).defer(*without)
    application = (found.select_related(*related) if related else found).filter(pk=number).first()
    if application is None:
        raise Http404(_("There is no application %(number)s among those you may see.") % {"number": number})
    return application


def find_client(person: Person, number: int) -> Client:
    """Give a client of whom the person may read an application; raises Http404 for any other."""
    client = Client.objects.filter(pk=number, applications__in=visible_applications(person)).first()
    if client is None:
        raise Http404(_("There is no client %(number)s among those you may see.") % {"number": number})
    return client


def least_group(person: Person) -> int:
    """Give of how many clients figures may be told: of any number to whoever may see all files, else of LEAST_GROUP."""
    return 1 if may(person, Action.SEE_ALL_AGENCIES) else LEAST_GROUP


def find_agency(person: Person, code: str | None) -> Agency | None:
    """Give the agency the person may submit an application to: by its code, or his own; None when there is none."""
    if not isinstance(person, User):
        return None
    if code is None:
        return person.agency
    agencies = Agency.objects.filter(code=code)
    if not may(person, Action.SEE_ALL_AGENCIES):
        agencies = agencies.filter(people=person)
    return agencies.first()
