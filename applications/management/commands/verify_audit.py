"""Check that the audit log is what was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications import audit
from applications.models import AuditEvent


class Command(BaseCommand):
    """Recompute the chain of the audit log and the digests of what its events vouch for."""

    help = (
        "Recompute the chain of the audit log and the digests of the assessments it vouches for, and name the first "
        "event or assessment that is not what was written."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = audit.first_broken_link()
        if broken is not None:
            raise CommandError(f"The audit log is broken at event {broken.event}: {broken.reason}.")
        unrecorded = audit.first_unrecorded_assessment()
        if unrecorded is not None:
            raise CommandError(f"No event of the audit log vouches for assessment {unrecorded}.")
        last = AuditEvent.objects.order_by("-pk").first()
        if last is None:
            self.stdout.write("The audit log is empty.")
            return
        self.stdout.write(f"The audit log is whole: {last.pk} events, the last one's hash is {last.hash}.")
