"""The files a person had scored; nobody else's."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from applications.access import Person, visible_files
from applications.models import FileState, ScoredFile


def files_of(person: Person) -> QuerySet[ScoredFile]:
    """Return what a person brought, the newest first, without what is in it."""
    return visible_files(person).defer("items", "results").select_related("model_version")


def file_of(person: Person, number: int) -> ScoredFile:
    """Return one file of the person's; raises Http404, the same for one unknown and somebody else's."""
    found = visible_files(person).select_related("model_version", "policy").filter(pk=number).first()
    if found is None:
        raise Http404(_("There is no such file among yours."))
    return found


def scored_file_of(person: Person, number: int) -> ScoredFile:
    """Return one file of the person's that has its results; raises Http404."""
    file = file_of(person, number)
    if file.state != FileState.DONE:
        raise Http404(_("This file is not scored yet."))
    return file


def progress_of(person: Person, number: int) -> ScoredFile:
    """Return one file of the person's without what is in it, to tell how far it is; raises Http404."""
    found = files_of(person).filter(pk=number).first()
    if found is None:
        raise Http404(_("There is no such file among yours."))
    return found
