"""How an imported application finds its agency, by a rule named in the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings

from applications.errors import ImportRefusedError
from applications.models import Agency

# What a lender without agencies starts with.
FIRST_AGENCIES = {
    "lille-centre": "Lille Centre",
    "lyon-3": "Lyon 3",
    "nantes": "Nantes",
    "paris-12": "Paris 12",
    "toulouse": "Toulouse",
}


def agency_expression() -> str:
    """Return the SQL expression of a staged application's agency; makes the first agencies if there is none."""
    rule = RULES.get(settings.AGENCY_RULE)
    if rule is None:
        raise ImportRefusedError(f"AGENCY_RULE is {settings.AGENCY_RULE!r}; it should be one of {', '.join(RULES)}.")
    if not Agency.objects.exists():
        Agency.objects.bulk_create(Agency(code=code, name=name) for code, name in FIRST_AGENCIES.items())
    return rule(list(Agency.objects.order_by("code").values_list("pk", flat=True)))


def _by_id(agencies: Sequence[int]) -> str:
    """Spread the applications over the agencies by number."""
    return f"(ARRAY{list(agencies)}::bigint[])[1 + abs(mod(sk_id_curr, {len(agencies)}))]"


RULES: Mapping[str, Callable[[Sequence[int]], str]] = {"by_id": _by_id}
