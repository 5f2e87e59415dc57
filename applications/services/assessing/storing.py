"""Storing answers exactly once: each question has one assessment, whoever comes first.

All of it belongs in the caller's transaction, after `lock_applications`: then nobody else stores for them meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.db import connection
from django.utils import timezone

from applications.models import Application, AssessmentChunk, Purpose, Stage
from applications.services.assessing.computing import Answer, InForce

_COLUMNS = (
    "id", "application_id", "application_version", "probability", "recommendation", "risk_level", "base", "values",
    "contributions", "reasons", "model_version_id", "policy_id", "purpose", "created_at",
    "chunk_id",
)  # fmt: skip
_ALREADY_STORED = """
    SELECT application_id, id
    FROM unnest(%s::bigint[], %s::integer[]) AS asked (application_id, application_version)
    JOIN assessment USING (application_id, application_version)
    WHERE model_version_id = %s AND policy_id = %s AND purpose = %s
"""
_TAKE_NUMBERS = "SELECT nextval(pg_get_serial_sequence('assessment', 'id')) FROM generate_series(1, %s)"
_MOVE_ON = f"""
    UPDATE application
    SET current_assessment_id = answer.assessment,
        stage = CASE stage WHEN '{Stage.TO_ASSESS}' THEN '{Stage.TO_DECIDE}' ELSE stage END
    FROM unnest(%s::bigint[], %s::bigint[]) AS answer (application, assessment)
    WHERE sk_id_curr = answer.application
"""


def lock_applications(numbers: Iterable[int]) -> dict[int, int]:
    """Make every other writer of these applications wait, and give the version of each that exists.

    Always in the order of their numbers, so that no two writers wait for each other.
    """
    locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=list(numbers)).order_by("pk")
    return dict(locked.values_list("pk", "version"))


@dataclass(frozen=True)
class Asked:
    """What answers are stored under. chunk: of a run over the book, None for what was asked for alone."""

    used: InForce
    purpose: Purpose
    chunk: AssessmentChunk | None = None


def store_new(answers: Sequence[Answer], asked: Asked) -> dict[int, Answer]:
    """Store the answers to questions that have none yet; returns those, by the number of their assessment.

    Their applications, and those whose question was answered already, point to the answer.
    """
    known = _already_stored(answers, asked)
    new = [answer for answer in answers if answer.application not in known]
    stored = dict(zip(_take_numbers(len(new)), new, strict=True))
    _copy_in(stored, asked)
    _move_on(known | {answer.application: number for number, answer in stored.items()})
    return stored


def _already_stored(answers: Sequence[Answer], asked: Asked) -> dict[int, int]:
    """Give the assessments that answer these very questions, by application."""
    versions = {answer.application: answer.application_version for answer in answers}
    about = (asked.used.version.pk, asked.used.policy.pk, asked.purpose.value)
    with connection.cursor() as cursor:
        cursor.execute(_ALREADY_STORED, (list(versions), list(versions.values()), *about))
        return dict(cursor.fetchall())


def _take_numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_NUMBERS, (count,))
        return [number for (number,) in cursor.fetchall()]


def _copy_in(stored: Mapping[int, Answer], asked: Asked) -> None:
    now, chunk = timezone.now().isoformat(), asked.chunk.pk if asked.chunk else None
    last = (asked.used.version.pk, asked.used.policy.pk, asked.purpose.value, now, chunk)
    rows = ((number, *answer, *last) for number, answer in stored.items())
    lines = "".join("\t".join(map(_field, row)) + "\n" for row in rows)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # This method of the driver's cursor is not wrapped by Django.
        cursor.copy_expert(f"COPY assessment ({', '.join(_quoted(_COLUMNS))}) FROM STDIN", BytesIO(lines.encode()))


def _quoted(names: Iterable[str]) -> list[str]:
    return [connection.ops.quote_name(name) for name in names]


def _field(value: object) -> str:
    """Write a value as COPY's text format reads it: a backslash is doubled, and nothing of ours holds a tab."""
    if isinstance(value, bytes):
        return rf"\\x{value.hex()}"
    return r"\N" if value is None else str(value).replace("\\", "\\\\")


def _move_on(assessment_of: Mapping[int, int]) -> None:
    """Point each application to its assessment; what was not yet decided is now to be decided."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE_ON, (list(assessment_of), list(assessment_of.values())))
