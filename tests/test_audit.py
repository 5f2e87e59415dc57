from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from applications import audit
from applications.models import AuditEvent, Kind

pytestmark = pytest.mark.django_db


def write_events(count: int) -> list[AuditEvent]:
    entries = [audit.Entry(Kind.TABLE_IMPORTED, ("table", f"t{n}"), data={"rows": n}) for n in range(count)]
    return audit.record_many(entries)


def change_as_superuser(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_each_event_carries_the_hash_of_the_one_before() -> None:
    write_events(3)

    first, second, third = AuditEvent.objects.order_by("pk")

    assert [first.pk, second.pk, third.pk] == [1, 2, 3]
    assert first.previous_hash == "0" * 64
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash


def test_what_was_written_is_whole() -> None:
    write_events(5)

    assert audit.first_broken_link() is None


@pytest.mark.parametrize("change", ["UPDATE audit_event SET kind = 'x'", "DELETE FROM audit_event"])
@pytest.mark.parametrize("number", [1, 2])
def test_an_event_cannot_be_changed_or_deleted(change: str, number: int) -> None:
    write_events(2)

    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic(), connection.cursor() as c:
        c.execute(f"{change} WHERE id = {number}")


def test_the_log_cannot_be_emptied() -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic(), connection.cursor() as c:
        c.execute("TRUNCATE audit_event")


@pytest.mark.parametrize(
    ("change", "event", "reason"),
    [
        ("""UPDATE audit_event SET data = '{"rows": 99}' WHERE id = 3""", 3, "content"),
        ("UPDATE audit_event SET at = at + interval '1 second' WHERE id = 2", 2, "content"),
        ("DELETE FROM audit_event WHERE id = 2", 3, "deleted"),
        ("UPDATE audit_event SET previous_hash = repeat('f', 64) WHERE id = 4", 4, "content"),
    ],
)
def test_a_change_by_a_superuser_is_named_by_its_first_event(change: str, event: int, reason: str) -> None:
    write_events(5)

    change_as_superuser(change)

    broken = audit.first_broken_link()
    assert broken is not None
    assert broken.event == event
    assert reason in broken.reason


def test_a_change_with_its_own_hash_made_good_breaks_the_next_event() -> None:
    write_events(3)

    change_as_superuser("UPDATE audit_event SET kind = 'x' WHERE id = 2")
    change_as_superuser("UPDATE audit_event e SET hash = audit_event_digest(e) WHERE id = 2")

    broken = audit.first_broken_link()
    assert broken is not None
    assert broken.event == 3
    assert "follow" in broken.reason


def test_the_command_says_that_the_log_is_whole() -> None:
    write_events(2)
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert "whole: 2 events" in out.getvalue()


def test_the_command_fails_and_names_the_changed_event() -> None:
    write_events(4)
    change_as_superuser("UPDATE audit_event SET subject_id = 'other' WHERE id = 3")

    with pytest.raises(CommandError, match="broken at event 3"):
        call_command("verify_audit")
