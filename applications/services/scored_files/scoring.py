"""Scoring a file: asked for by its author, answered by a worker, all its lines or none."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Func, IntegerField, QuerySet
from django.utils import timezone

from applications import audit
from applications.errors import NoPolicyError, UnknownApplicationError
from applications.models import Assessment, Failure, FileState, Kind, Recommendation, ScoredFile
from applications.services.assessing.computing import PASSING, InForce, in_force
from applications.services.assessing.failing import Reason, reason_of
from applications.services.assessment import GIVE_UP_AFTER_ATTEMPTS
from applications.services.predictions import predict_facts, predict_known
from applications.services.scored_files.keeping import numbers_seen
from modelling.errors import ModellingError

logger = logging.getLogger(__name__)

LINES_AT_ONCE = 500


def ask_scoring(file: ScoredFile) -> bool:
    """Note that a file is to be scored; tells whether that was news, so that who asks twice is heard once."""
    waiting = ScoredFile.objects.filter(pk=file.pk, state__in=(FileState.BROUGHT, FileState.FAILED))
    return bool(waiting.update(**_queued(), attempts=0, failure="", failure_facts={}))


def score_file(pk: int) -> None:
    """Say of each line of a file that is asked for what the machine in force says, and record that, once.

    Safe to call twice, or at once in two workers. The facts are dropped with the answer; a file that cannot be scored
    is marked failed with its reason, and one whose worker is killed is left to the sweeper.
    """
    file = _claim(pk)
    if file is None:
        return
    try:
        used = in_force()
        _store(file, _scored(file, used), used)
    except PASSING:
        _mine(file).update(**_queued())
        raise
    except (ModellingError, NoPolicyError, UnknownApplicationError) as error:
        logger.warning("file %d cannot be scored: %s", pk, error)
        _fail(file, reason_of(error))
    except Exception as error:
        logger.exception("file %d cannot be scored", pk)
        _fail(file, reason_of(error))


def queue_again(files: Sequence[ScoredFile]) -> list[int]:
    """Let files of dead workers and lost messages wait again, and return their keys; one begun too often fails."""
    for file in files:
        if file.attempts >= GIVE_UP_AFTER_ATTEMPTS:
            _fail(file, Reason(Failure.GAVE_UP, {"attempts": file.attempts}))
    going_on = [file.pk for file in files if file.attempts < GIVE_UP_AFTER_ATTEMPTS]
    ScoredFile.objects.filter(pk__in=going_on).update(**_queued())
    return going_on


def _queued() -> dict[str, Any]:
    return {"state": FileState.QUEUED, "asked_at": timezone.now(), "scored_lines": 0, "backend_pid": None}


def _claim(pk: int) -> ScoredFile | None:
    """Take a file that waits; None when another worker has it, or nobody asks any more."""
    taken = ScoredFile.objects.filter(pk=pk, state=FileState.QUEUED).update(
        state=FileState.RUNNING,
        attempts=F("attempts") + 1,
        backend_pid=Func(function="pg_backend_pid", output_field=IntegerField()),
    )
    return ScoredFile.objects.select_related("author").filter(pk=pk).first() if taken else None


def _scored(file: ScoredFile, used: InForce) -> list[dict[str, Any]]:
    """Return what is said of each line, and note on the way how far one is."""
    items: list[dict[str, Any]] = file.items
    known = {item["number"] for item in items if not item["facts"]}
    if unseen := known - numbers_seen(file.author, known):
        raise UnknownApplicationError(f"{len(unseen)} of the applications listed are not among those the author sees.")
    results: list[dict[str, Any]] = []
    for start in range(0, len(items), LINES_AT_ONCE):
        results += _said(items[start : start + LINES_AT_ONCE], used)
        _mine(file).update(scored_lines=len(results))
    return results


def _said(items: Sequence[dict[str, Any]], used: InForce) -> list[dict[str, Any]]:
    known = predict_known([each["number"] for each in items if not each["facts"]], used)
    of_facts = iter(predict_facts([each["facts"] for each in items if each["facts"]], used))
    return [_result(each, next(of_facts) if each["facts"] else known[each["number"]]) for each in items]


@transaction.atomic
def _store(file: ScoredFile, results: list[dict[str, Any]], used: InForce) -> None:
    """Store the answer whole, unless the file was thrown away meanwhile, or taken for lost and given to another."""
    locked = _mine(file).select_for_update().first()
    if locked is None:
        return
    locked.state, locked.backend_pid = FileState.DONE, None
    locked.results, locked.items = results, []
    locked.model_version, locked.policy = used.version, used.policy
    locked.save()
    audit.record(Kind.FILE_SCORED, actor=file.author, subject=locked, data=_facts(locked, used))


def _fail(file: ScoredFile, reason: Reason) -> None:
    _mine(file).update(
        state=FileState.FAILED, failure=reason.failure, failure_facts=dict(reason.facts), backend_pid=None
    )


def _mine(file: ScoredFile) -> QuerySet[ScoredFile]:
    """Give the file's row while nobody else began it since."""
    return ScoredFile.objects.filter(pk=file.pk, state=file.state, attempts=file.attempts)


def _result(item: dict[str, Any], said: Assessment) -> dict[str, Any]:
    return {
        "line": item["line"],
        "number": item["number"],
        "probability": said.probability,
        "recommendation": said.recommendation,
        "risk_level": said.risk_level,
        "raising": [reason["feature"] for reason in said.reasons["raising"]],
        "lowering": [reason["feature"] for reason in said.reasons["lowering"]],
    }


def _facts(file: ScoredFile, used: InForce) -> dict[str, Any]:
    results: list[dict[str, Any]] = file.results or []
    counts = Counter(result["recommendation"] for result in results)
    return {
        "digest": file.digest,
        "results_digest": hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest(),
        "lines": file.lines,
        "model_version": used.version.number,
        "policy": used.policy.pk,
        **{each.value: counts[each.value] for each in Recommendation},
    }
