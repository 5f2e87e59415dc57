"""What a person chose to see."""

from __future__ import annotations

from applications.access import Person
from applications.models import Preferences, SavedFilter, User


def preferences_of(person: Person) -> Preferences:
    """Return a person's preferences, unsaved and empty when nothing was ever chosen."""
    if not isinstance(person, User):
        return Preferences()
    return Preferences.objects.filter(person=person).first() or Preferences(person=person)


def saved_filters_of(person: Person) -> tuple[SavedFilter, ...]:
    """Return the filters a person kept, by name."""
    return tuple(SavedFilter.objects.filter(person=person)) if isinstance(person, User) else ()
