"""Remembering how a person likes the pages. Nobody else sees it and nothing depends on it, so no audit event is due."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Preferences, SavedFilter, User

MOST_SAVED_FILTERS = 20


def choose_columns(person: User, columns: Sequence[str]) -> None:
    """Remember the columns of the list; none means the usual ones."""
    Preferences.objects.update_or_create(person=person, defaults={"columns": list(columns)})


def choose_client_fields(person: User, names: Sequence[str]) -> None:
    """Remember the facts of the client that the application's page shows; none means the usual ones."""
    Preferences.objects.update_or_create(person=person, defaults={"client_fields": list(names)})


@transaction.atomic
def save_filter(person: User, *, name: str, query: str) -> SavedFilter:
    """Keep a filter under a name, in place of the one of that name. Raises ValidationError when there are too many."""
    User.objects.select_for_update().get(pk=person.pk)
    others = SavedFilter.objects.filter(person=person).exclude(name=name)
    if others.count() >= MOST_SAVED_FILTERS:
        raise ValidationError(
            _("You keep %(most)s views already; delete one before you keep another.") % {"most": MOST_SAVED_FILTERS}
        )
    saved, _is_new = SavedFilter.objects.update_or_create(person=person, name=name, defaults={"query": query})
    return saved
