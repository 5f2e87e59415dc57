"""The numbers of applications that begin here, beside the published ones."""

from __future__ import annotations

from django.db import connection

# One question for all three: whoever submits waits for each.
_NEXT = """
    WITH next AS MATERIALIZED (SELECT nextval('application_number') AS number)
    SELECT number, EXISTS (SELECT FROM application WHERE sk_id_curr = number)
                OR EXISTS (SELECT FROM client WHERE id = number) AS is_taken
    FROM next
"""


def next_number() -> int:
    """Return a number that no application and no client has; each is given once, even to two who ask at once."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NEXT)
            number, is_taken = cursor.fetchone()
        if not is_taken:
            return int(number)
