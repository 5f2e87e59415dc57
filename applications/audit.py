"""The audit log's one way in, and the check that nobody changed it since.

PostgreSQL numbers and chains the events (trigger in migration `audit_chain`): each carries the hash of the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model

from applications import tracing
from applications.models import AssessmentChunk, AuditEvent, Kind, User

Subject = Model | tuple[str, object]


@dataclass(frozen=True)
class Entry:
    """One event to write. data holds facts that are not personal: numbers, versions, names of features."""

    kind: Kind
    subject: Subject
    actor: User | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BrokenLink:
    """The first event at which the log is no longer what was written.

    event: its number. reason: what does not fit, as a sentence.
    """

    event: int
    reason: str


def record(kind: Kind, *, actor: User | None, subject: Subject, data: Mapping[str, Any] | None = None) -> AuditEvent:
    """Write one event in the caller's transaction."""
    return record_many([Entry(kind, subject, actor, data or {})])[0]


def record_many(entries: Iterable[Entry]) -> list[AuditEvent]:
    """Write events, in order, in the caller's transaction.

    The chain is locked from the first event until that transaction ends, so call this last.
    """
    return AuditEvent.objects.bulk_create([_event(entry) for entry in entries])


def digest_of_chunk(chunk: AssessmentChunk) -> str:
    """Return the SHA-256 over all that the assessments of a part of the book say, contributions and reasons included.

    Ask for it before the first event of a transaction: it takes longer than the chain may be locked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT assessment_chunk_digest(%s)", (chunk.pk,))
        digest: str = cursor.fetchone()[0]
    return digest


def first_broken_link() -> BrokenLink | None:
    """Recompute the chain, then what single events vouch for, in the database; None when all is as written."""
    for query in (_FIRST_BROKEN_LINK, _FIRST_BROKEN_DIGEST):
        with connection.cursor() as cursor:
            cursor.execute(query)
            row = cursor.fetchone()
        if row:
            return BrokenLink(*row)
    return None


def first_unrecorded_assessment() -> int | None:
    """Return the number of the first assessment that no event vouches for; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_UNRECORDED)
        row = cursor.fetchone()
    return row[0] if row else None


def _event(entry: Entry) -> AuditEvent:
    subject_type, subject_id = _name(entry.subject)
    return AuditEvent(
        kind=entry.kind,
        actor=entry.actor,
        subject_type=subject_type,
        subject_id=subject_id,
        request_id=tracing.request_id(),
        data=dict(entry.data),
    )


def _name(subject: Subject) -> tuple[str, str]:
    if isinstance(subject, Model):
        return subject._meta.db_table, str(subject.pk)
    return subject[0], str(subject[1])


_FIRST_BROKEN_LINK = """
WITH chained AS (
    SELECT event, event.id, event.hash, event.previous_hash,
           lag(event.hash, 1, repeat('0', 64)) OVER (ORDER BY event.id) AS hash_before,
           row_number() OVER (ORDER BY event.id) AS place
    FROM audit_event AS event
)
SELECT id,
       CASE WHEN id <> place THEN 'an event before it was deleted'
            WHEN hash <> audit_event_digest(event) THEN 'its content is not what was written'
            ELSE 'it does not follow from the event before it' END
FROM chained
WHERE id <> place OR hash <> audit_event_digest(event) OR previous_hash <> hash_before
ORDER BY id
LIMIT 1
"""
_FIRST_BROKEN_DIGEST = f"""
SELECT id, 'the assessments it vouches for are not those that were stored'
FROM audit_event
WHERE kind = '{Kind.BOOK_CHUNK_ASSESSED}'
  AND data ->> 'digest' IS DISTINCT FROM assessment_chunk_digest(subject_id::bigint)
ORDER BY id
LIMIT 1
"""
_FIRST_UNRECORDED = f"""
SELECT id
FROM assessment
WHERE CASE WHEN chunk_id IS NULL
      THEN id NOT IN (SELECT (data ->> 'assessment')::bigint FROM audit_event WHERE kind = '{Kind.ASSESSMENT_MADE}')
      ELSE chunk_id NOT IN (SELECT subject_id::bigint FROM audit_event WHERE kind = '{Kind.BOOK_CHUNK_ASSESSED}') END
ORDER BY id
LIMIT 1
"""
