"""The book: which applications a filter names, which of them lack an up-to-date assessment, and how far a run is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from applications.errors import FilterError
from applications.models import (
    Agency,
    Application,
    AssessmentChunk,
    AssessmentRun,
    ChunkState,
    Policy,
    Purpose,
    Recommendation,
    Stage,
)
from applications.selectors.queues import FRESH_SECONDS, heartbeat_ages, open_connections
from modelling.models import ModelVersion

# Edges of the histogram of how far probabilities moved in a run.
MOVEMENT_EDGES = (-0.2, -0.1, -0.05, -0.02, -0.01, -0.005, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
RATE_OVER = timedelta(minutes=2)


def named_by(where: str) -> Q:
    """Read a filter such as "agency=nantes,lyon-3 status=to_decide id=100001-250000": every term must hold.

    Terms are agency, status, recommendation (of the assessment in force) and id; a comma stands for "or".
    Raises FilterError with what was expected.
    """
    condition = Q()
    for term in where.split():
        name, _equals, values = term.partition("=")
        if name not in _TERMS or not values:
            raise FilterError(
                _("%(term)s is no condition; write one of %(names)s, then = and what it may be.")
                % {"term": term, "names": ", ".join(_TERMS)}
            )
        condition &= _TERMS[name](values.split(","))
    return condition


def out_of_date(version: ModelVersion, policy: Policy) -> QuerySet[Application]:
    """Give the applications whose current assessment is not of these facts, by this version, under this policy."""
    current = Q(
        current_assessment__application_version=F("version"),
        current_assessment__model_version=version,
        current_assessment__policy=policy,
    )
    return Application.objects.exclude(current, current_assessment__isnull=False)


def to_assess_in(chunk: AssessmentChunk) -> dict[int, int]:
    """Give the applications of a chunk that still lack their assessment, by number with their version."""
    run = chunk.run
    found = out_of_date(run.model_version, run.policy).filter(
        named_by(run.where), client_id__gte=chunk.first_client, client_id__lte=chunk.last_client
    )
    return dict(found.order_by("client_id", "pk").values_list("pk", "version"))


@dataclass(frozen=True)
class Progress:
    """How far a run is. done: applications whose chunk is done, of total; failed: of these, not assessed.

    a_second: over the last minutes it worked; 0 before the first chunk. seconds_left: None when that says nothing.
    """

    total: int
    done: int
    assessed: int
    failed: int
    failed_chunks: int
    a_second: float
    seconds_left: int | None

    @property
    def share(self) -> float:
        """Give the share of the run that is done, 0 to 1."""
        return self.done / self.total if self.total else 1.0


def progress_of(run: AssessmentRun, *, now: datetime) -> Progress:
    """Return how far a run is, in one query."""
    recent = Q(state=ChunkState.DONE, finished_at__gt=now - RATE_OVER)
    facts = run.chunks.aggregate(
        done=Sum("size", filter=~Q(state__in=[ChunkState.WAITING, ChunkState.RUNNING]), default=0),
        assessed=Sum("assessed", default=0),
        failed=Sum("failed", default=0),
        failed_chunks=Count("pk", filter=Q(state=ChunkState.FAILED)),
        recent=Sum("size", filter=recent, default=0),
        last=Max("finished_at"),
    )
    recent, last = facts.pop("recent"), facts.pop("last")
    since = max(run.started_at, now - RATE_OVER)
    seconds = ((last or now) - since).total_seconds()
    a_second = recent / seconds if recent and seconds > 0 else 0.0
    left = run.total - facts["done"]
    return Progress(run.total, **facts, a_second=a_second, seconds_left=round(left / a_second) if a_second else None)


def open_run(purpose: Purpose = Purpose.ADVICE) -> AssessmentRun | None:
    """Return the run that is under way or paused, if there is one."""
    return AssessmentRun.objects.filter(purpose=purpose, finished_at__isnull=True).first()


def is_at_work(run: AssessmentRun) -> bool:
    """Tell whether a worker that lives has a chunk of this run in hand, or else has shown itself lately."""
    pids = run.chunks.filter(state=ChunkState.RUNNING).values_list("backend_pid", flat=True)
    age = heartbeat_ages()["book"]
    return not open_connections().isdisjoint(pids) or (age is not None and age < FRESH_SECONDS)


def _agencies(values: Iterable[str]) -> Q:
    return Q(agency__code__in=_known(values, Agency.objects.values_list("code", flat=True)))


def _stages(values: Iterable[str]) -> Q:
    return Q(stage__in=_known(values, Stage.values))


def _recommendations(values: Iterable[str]) -> Q:
    return Q(current_assessment__recommendation__in=_known(values, Recommendation.values))


def _known(values: Iterable[str], known: Iterable[str]) -> list[str]:
    values, known = list(values), list(known)
    for value in values:
        if value not in known:
            raise FilterError(
                _("There is no %(value)s; there are %(known)s.") % {"value": value, "known": ", ".join(known)}
            )
    return values


def _numbers(values: Iterable[str]) -> Q:
    condition = Q(pk__in=[])
    for value in values:
        first, dash, last = value.partition("-")
        last = last if dash else first
        if not (first.isdecimal() and last.isdecimal() and len(first) <= 18 and len(last) <= 18):
            raise FilterError(
                _("%(value)s is no application number nor a range such as 100001-200000.") % {"value": value}
            )
        condition |= Q(pk__range=(int(first), int(last)))
    return condition


_TERMS: Mapping[str, Callable[[Iterable[str]], Q]] = {
    "agency": _agencies,
    "status": _stages,
    "recommendation": _recommendations,
    "id": _numbers,
}
