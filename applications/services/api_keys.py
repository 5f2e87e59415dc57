"""API keys: made, found, rotated and revoked, each with its audit event."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from applications import audit
from applications.models import ApiKey, Kind, Scope, User

LIFETIME_DAYS = 365
OVERLAP_DAYS = 7  # how long the old key still works after a rotation
_NOTED_SECONDS = 60


@dataclass(frozen=True)
class NewKey:
    """A key that was just made. secret: what the machine sends; shown now and never again."""

    key: ApiKey
    secret: str


@transaction.atomic
def create_key(
    name: str, *, person: User, scopes: Collection[str], actor: User | None, lifetime_days: int = LIFETIME_DAYS
) -> NewKey:
    """Make a key that acts for a person. Raises ValueError for a scope there is not."""
    unknown = sorted(set(scopes) - set(Scope.values))
    if unknown or not scopes:
        raise ValueError(f"Scopes are some of {Scope.values}; came {sorted(scopes)}.")
    prefix = f"pad_{secrets.token_hex(4)}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name,
        person=person,
        prefix=prefix,
        digest=_digest(secret),
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + timedelta(days=lifetime_days),
    )
    audit.record(Kind.API_KEY_MADE, actor=actor, subject=key, data={"scopes": key.scopes, "person": person.pk})
    return NewKey(key, secret)


@transaction.atomic
def rotate_key(key: ApiKey, *, actor: User | None) -> NewKey:
    """Make the key that follows this one; the old one works for OVERLAP_DAYS more, so that nothing stands still."""
    new = create_key(key.name, person=key.person, scopes=key.scopes, actor=actor)
    key.expires_at = min(key.expires_at, timezone.now() + timedelta(days=OVERLAP_DAYS))
    key.save(update_fields=["expires_at"])
    return new


@transaction.atomic
def revoke_key(key: ApiKey, *, actor: User | None) -> None:
    """End a key at once."""
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    audit.record(Kind.API_KEY_REVOKED, actor=actor, subject=key)


def find_key(secret: str) -> ApiKey | None:
    """Return the usable key with this secret, and note that it was used; None for any other word."""
    prefix = "_".join(secret.split("_")[:2])
    key = ApiKey.objects.select_related("person__agency").filter(prefix=prefix).first()
    if key is None or not constant_time_compare(key.digest, _digest(secret)) or not key.is_usable:
        return None
    _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    """Write the time down, at most once a minute."""
    since = timezone.now() - timedelta(seconds=_NOTED_SECONDS)
    seldom = Q(last_used_at__isnull=True) | Q(last_used_at__lt=since)
    if key.last_used_at is None or key.last_used_at < since:
        ApiKey.objects.filter(seldom, pk=key.pk).update(last_used_at=timezone.now())


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
