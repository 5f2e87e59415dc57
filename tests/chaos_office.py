"""The office in a process of its own, for tests that kill what it stands on: commands on stdin, answers on stdout.

A line is a word and its arguments; the answer is a line of JSON, {"refused": why} when the office could not do it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import django
from django.db import InterfaceError, OperationalError, close_old_connections, transaction

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  after django.setup
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from kombu.exceptions import OperationalError as BrokerError  # noqa: E402
from redis.exceptions import RedisError  # noqa: E402

from applications import audit  # noqa: E402
from applications.errors import RunError  # noqa: E402
from applications.models import (  # noqa: E402
    Application,
    Assessment,
    AssessmentChunk,
    AssessmentRequest,
    AssessmentRun,
    AuditEvent,
    Client,
    Kind,
    RequestState,
    Role,
    Scope,
)
from applications.services import runs  # noqa: E402
from applications.services.api_keys import create_key  # noqa: E402
from applications.services.assessment import request_assessments  # noqa: E402
from applications.services.policies import create_strategies  # noqa: E402
from applications.tasks import enqueue, enqueue_run  # noqa: E402
from modelling import registry  # noqa: E402
from tests.factories import AgencyFactory, ApplicationFactory, ClientFactory, UserFactory  # noqa: E402

AWAY = (OperationalError, InterfaceError, BrokerError, RedisError, ConnectionError, RunError)


@transaction.atomic
def open_office(bundle: str) -> Mapping[str, str]:
    """Put the bundle and a policy in force; give an administrator's session and an advisor's key."""
    registry.promote(registry.register(Path(bundle)), actor=None, note="chaos")
    create_strategies()
    admin = UserFactory.create(role=Role.ADMIN, is_staff=True, is_superuser=True)
    session = SessionStore()
    session[SESSION_KEY] = str(admin.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = admin.get_session_auth_hash()
    session.save()
    key = create_key("chaos", person=UserFactory.create(), scopes=Scope.values, actor=None)
    return {"session": str(session.session_key), "key": key.secret}


@transaction.atomic
def take_in(first: str, count: str) -> list[int]:
    """Take applications in, numbered from `first`, unless they are there."""
    numbers = list(range(int(first), int(first) + int(count)))
    if not Application.objects.filter(pk=numbers[0]).exists():
        agency = AgencyFactory.create()
        clients = Client.objects.bulk_create([ClientFactory.build(id=number) for number in numbers])
        Application.objects.bulk_create([ApplicationFactory.build(client=each, agency=agency) for each in clients])
    return numbers


def ask(*numbers: str) -> int:
    """Ask for assessments; an answer means that the request is kept."""
    wanted = [int(number) for number in numbers]
    with transaction.atomic():
        count = request_assessments(wanted)
        enqueue(wanted, at_once=10)
    return count


def assess_book() -> int | None:
    """Start a run over all that has no assessment."""
    with transaction.atomic():
        run = runs.start_run("", actor=None)
        if run is not None:
            enqueue_run(run.pk)
    return run.pk if run else None


def left() -> int:
    """Count what is still to be done: open requests, and runs that have not ended."""
    requests = AssessmentRequest.objects.exclude(state=RequestState.FAILED)
    return requests.count() + AssessmentRun.objects.filter(finished_at__isnull=True).count()


def verdict() -> Mapping[str, Any]:
    """Tell how things stand when all is done. broken: the first broken link of the audit log, if there is one."""
    vouched = AuditEvent.objects.filter(kind=Kind.BOOK_CHUNK_ASSESSED).values_list("data", flat=True)
    broken = audit.first_broken_link()
    return {
        "applications": sorted(Application.objects.values_list("pk", flat=True)),
        "assessed": sorted(Assessment.objects.values_list("application_id", flat=True)),
        "failed": AssessmentRequest.objects.filter(state=RequestState.FAILED).count(),
        "failed_chunks": AssessmentChunk.objects.exclude(failure="").count(),
        "made": AuditEvent.objects.filter(kind=Kind.ASSESSMENT_MADE).count(),
        "vouched": sum(data["assessments"] for data in vouched),
        "broken": None if broken is None else str(broken),
        "unrecorded": audit.first_unrecorded_assessment(),
    }


_COMMANDS: dict[str, Callable[..., Any]] = {
    each.__name__: each for each in (open_office, take_in, ask, assess_book, left, verdict)
}


def main() -> None:
    """Answer until stdin ends."""
    for line in sys.stdin:
        name, *words = line.split()
        close_old_connections()
        try:
            answer = _COMMANDS[name](*words)
        except AWAY as error:
            answer = {"refused": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
