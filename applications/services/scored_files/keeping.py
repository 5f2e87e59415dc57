"""Bringing a file, and how long what is in it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from applications.access import visible_applications
from applications.models import FileState, ScoredFile, User
from applications.services.scored_files.reading import NUMBER, Read

# What a file asks is needed until it is scored; what was said of it, until its author has taken it along.
FACTS_KEPT_HOURS = 24
RESULTS_KEPT_DAYS = 30
_LONGEST_NAME = 100


def tell_unknown(read: Read, person: User) -> None:
    """Note as faults the numbers of a file that are of no application the person may see."""
    if read.is_of_known:
        seen = numbers_seen(person, [item.number for item in read.items])
        for item in read.items:
            if item.number not in seen and item.number is not None:
                told = {"number": item.number}
                read.tell(item.line, NUMBER, _("there is no application %(number)s among those you may see") % told)


def numbers_seen(person: User, numbers: Iterable[int | None]) -> set[int]:
    """Return which of these numbers are of applications the person may see."""
    return set(visible_applications(person).filter(pk__in=list(numbers)).values_list("pk", flat=True))


@transaction.atomic
def keep_upload(author: User, *, name: str, content: bytes, read: Read) -> ScoredFile:
    """Keep a file without faults until its author has it scored, in place of any other that waits for it.

    Nothing is said of anybody yet, so no audit event is due.
    """
    ScoredFile.objects.filter(author=author, state=FileState.BROUGHT).delete()
    return ScoredFile.objects.create(
        author=author,
        name=name[-_LONGEST_NAME:],
        digest=hashlib.sha256(content).hexdigest(),
        lines=len(read.items),
        items=[asdict(item) for item in read.items],
    )


def deletion_of(file: ScoredFile) -> datetime:
    """Return when the results of a file are deleted, if its author does not do so before."""
    return file.uploaded_at + timedelta(days=RESULTS_KEPT_DAYS)


def drop_old_files(now: datetime) -> int:
    """Delete the files whose time is over, and return how many: sooner while they hold what they ask."""
    is_unanswered = ~Q(state=FileState.DONE) & Q(uploaded_at__lt=now - timedelta(hours=FACTS_KEPT_HOURS))
    is_old = Q(uploaded_at__lt=now - timedelta(days=RESULTS_KEPT_DAYS))
    count, _models = ScoredFile.objects.filter(is_unanswered | is_old).delete()
    return count
