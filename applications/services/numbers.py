"""The numbers of applications that begin here, beside the published ones."""

from __future__ import annotations

from django.db import connection

from applications.models import Application, Client


def next_number() -> int:
    """Return a number that no application and no client has; each is given once, even to two who ask at once."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('application_number')")
            number = int(cursor.fetchone()[0])
        is_taken = Application.objects.filter(pk=number).exists() or Client.objects.filter(pk=number).exists()
        if not is_taken:
            return number
