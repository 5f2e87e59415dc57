"""Starting, pausing and ending runs over the book; the work itself is `applications.services.book`."""

from __future__ import annotations

from collections.abc import Mapping, Set

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import audit
from applications.errors import RunError
from applications.models import (
    Application,
    AssessmentChunk,
    AssessmentRun,
    ChunkState,
    Failure,
    Kind,
    RunState,
    User,
)
from applications.selectors.book import named_by, out_of_date
from applications.services.assessing.computing import in_force
from applications.services.differences import differences_of

_CUT = """
    SELECT min(client_id), max(client_id), count(*)
    FROM (SELECT client_id, (dense_rank() OVER (ORDER BY client_id) - 1) / %s AS part FROM ({asked}) AS asked) AS parted
    GROUP BY part ORDER BY part
"""


@transaction.atomic
def start_run(where: str, *, actor: User | None) -> AssessmentRun | None:
    """Open a run over the applications that the filter names and that lack an assessment; None when there are none.

    The caller enqueues it. Raises FilterError; RunError when a run is open already; ModellingError or NoPolicyError
    when no model version or policy is in force, or the version's bundle is damaged or does not fit these features.
    """
    used = in_force()
    parts = _cut(out_of_date(used.version, used.policy).filter(named_by(where)))
    if not parts:
        return None
    run = AssessmentRun(where=where, model_version=used.version, policy=used.policy, started_by=actor)
    run.total = sum(size for _first, _last, size in parts)
    _insert(run)
    AssessmentChunk.objects.bulk_create(
        AssessmentChunk(run=run, number=number, first_client=first, last_client=last, size=size)
        for number, (first, last, size) in enumerate(parts, start=1)
    )
    _record(run, actor, {"where": where, "applications": run.total, "model_version": used.version.number})
    return run


def pause(run: AssessmentRun, *, actor: User | None) -> AssessmentRun:
    """Let the chunks in hand come to their end and begin no other. Raises RunError unless the run is under way."""
    return _change(run, RunState.PAUSED, {RunState.RUNNING}, actor)


def resume(run: AssessmentRun, *, actor: User | None) -> AssessmentRun:
    """Go on with the chunks that are left; the caller enqueues it. Raises RunError unless the run is paused."""
    return _change(run, RunState.RUNNING, {RunState.PAUSED}, actor)


def cancel(run: AssessmentRun, *, actor: User | None) -> AssessmentRun:
    """End the run; what is assessed stays so, what is in hand is dropped. Raises RunError when it has ended."""
    return _change(run, RunState.CANCELLED, {RunState.RUNNING, RunState.PAUSED}, actor)


@transaction.atomic
def fail(run: AssessmentRun, failure: Failure, facts: Mapping[str, object]) -> None:
    """End a run that can only fail, with its reason."""
    AssessmentRun.objects.filter(pk=run.pk).update(failure=failure, failure_facts=dict(facts))
    _change(run, RunState.FAILED, {RunState.RUNNING, RunState.PAUSED}, None)


@transaction.atomic
def finish_if_complete(run: AssessmentRun) -> bool:
    """End a run of which no chunk is left, with its report of differences; tells whether it has ended now."""
    locked = AssessmentRun.objects.select_for_update().get(pk=run.pk)
    left = locked.chunks.filter(state__in=[ChunkState.WAITING, ChunkState.RUNNING])
    if locked.state != RunState.RUNNING or left.exists():
        return False
    AssessmentRun.objects.filter(pk=run.pk).update(report=differences_of(locked))
    _change(locked, RunState.DONE, {RunState.RUNNING}, None)
    return True


def _cut(asked: QuerySet[Application]) -> list[tuple[int, int, int]]:
    """Cut applications into ranges of clients: first, last, and how many applications."""
    sql, parameters = asked.order_by().values("client_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_CUT.format(asked=sql), (settings.BOOK_CHUNK_SIZE, *parameters))
        rows: list[tuple[int, int, int]] = cursor.fetchall()
    return rows


def _insert(run: AssessmentRun) -> None:
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as error:
        raise RunError(_("The book is being assessed already; wait until that has ended, or cancel it.")) from error


@transaction.atomic
def _change(run: AssessmentRun, state: RunState, from_states: Set[RunState], actor: User | None) -> AssessmentRun:
    locked = AssessmentRun.objects.select_for_update().get(pk=run.pk)
    if locked.state not in from_states:
        raise RunError(
            _("This run can no longer be changed so: it is now “%(state)s”.") % {"state": locked.get_state_display()}
        )
    locked.state = state
    locked.finished_at = None if state.is_open else timezone.now()
    locked.save(update_fields=["state", "finished_at"])
    _record(locked, actor, {})
    return locked


def _record(run: AssessmentRun, actor: User | None, facts: Mapping[str, object]) -> None:
    audit.record(Kind.BOOK_RUN_CHANGED, actor=actor, subject=run, data={"state": run.state, **facts})
