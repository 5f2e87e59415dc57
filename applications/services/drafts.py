"""Drafts of new applications: begun, kept while a person writes, thrown away or submitted.

A draft is its author's own paper: nothing depends on it before it is submitted, so no audit event is due until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Agency, Application, Client, Draft, User
from applications.models.application_facts import EnquiryAndDocumentFacts, LoanFacts
from applications.models.facts import Unit, shown_fields
from applications.selectors.facts import NOT_EMPLOYED_DAYS
from applications.services.intake import submit
from applications.services.numbers import next_number

MOST_DRAFTS = 50
LONGEST_ANSWER = 100
WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")  # as published
# The loan is another one now, and so are its papers; the outcome and the number are no answers.
_NOT_CARRIED = frozenset(
    {"sk_id_curr", "target"}
    | {field.name for model in (LoanFacts, EnquiryAndDocumentFacts) for field in model._meta.get_fields()}
)


def begin_draft(author: User, *, earlier: Application | None = None) -> Draft:
    """Begin a draft: of a new client, or of the one of an earlier application, whose lasting facts are carried over.

    Raises ValidationError when the author keeps too many.
    """
    if Draft.objects.filter(author=author).count() >= MOST_DRAFTS:
        raise ValidationError(
            _("You keep %(most)s drafts already; submit or delete one before you begin another.")
            % {"most": MOST_DRAFTS}
        )
    client, answers = (earlier.client, _carried(earlier)) if earlier else (None, {})
    return Draft.objects.create(number=next_number(), author=author, client=client, answers=answers)


def keep_draft(draft: Draft, answers: Mapping[str, str]) -> None:
    """Keep what was answered so far, in place of what was kept before."""
    draft.answers = dict(answers)
    draft.save(update_fields=["answers", "changed_at"])


@transaction.atomic
def submit_draft(draft: Draft, *, facts: Mapping[str, Any], agency: Agency, at: datetime) -> Application:
    """Make an application of a draft, at this local time, and delete the draft; the caller enqueues its assessment.

    Raises Draft.DoesNotExist when it was submitted or deleted meanwhile.
    """
    Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    application = Application(
        sk_id_curr=draft.number,
        client=draft.client or Client.objects.create(pk=draft.number),
        agency=agency,
        received_on=at.date(),
        weekday_appr_process_start=WEEKDAYS[at.weekday()],
        hour_appr_process_start=at.hour,
        **facts,
    )
    submit(application, actor=draft.author)
    Draft.objects.filter(pk=draft.pk).delete()
    return application


def _carried(earlier: Application) -> dict[str, str]:
    """Return, as answers, what an earlier application tells of the person; a day as a date, so that time passes."""
    answers = {}
    for fact in shown_fields(Application):
        value = getattr(earlier, fact.name)
        if fact.name in _NOT_CARRIED or value is None or value == NOT_EMPLOYED_DAYS:
            continue
        answers[fact.name] = _day(earlier.received_on, value) if fact.unit == Unit.DAYS_TO_DATE else _text(value)
    return answers


def _day(received_on: date, days: int) -> str:
    return (received_on + timedelta(days=days)).isoformat()


def _text(value: float | str) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
