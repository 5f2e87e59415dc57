"""Check that the audit log is what was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications import audit
from applications.models import AuditEvent


class Command(BaseCommand):
    """Recompute the whole chain of the audit log."""

    help = "Recompute the chain of the audit log and name the first event that is not what was written."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = audit.first_broken_link()
        if broken is not None:
            raise CommandError(f"The audit log is broken at event {broken.event}: {broken.reason}.")
        last = AuditEvent.objects.order_by("-pk").first()
        if last is None:
            self.stdout.write("The audit log is empty.")
            return
        self.stdout.write(f"The audit log is whole: {last.pk} events, the last one's hash is {last.hash}.")
