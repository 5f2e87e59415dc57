"""The key pair of backups (age, X25519): the site holds what encrypts, a person keeps what decrypts."""

from __future__ import annotations

import os
from pathlib import Path

import pyrage
from django.conf import settings

from applications.errors import BackupError

IDENTITY = "backup_identity"


def recipient() -> pyrage.x25519.Recipient:
    """Return whom backups are for: `BACKUP_RECIPIENT`, or the pair this state folder made for itself.

    Raises BackupError when the setting is no age recipient.
    """
    if not settings.BACKUP_RECIPIENT:
        return _own_identity().to_public()
    try:
        return pyrage.x25519.Recipient.from_str(settings.BACKUP_RECIPIENT)
    except pyrage.RecipientError as error:
        raise BackupError("BACKUP_RECIPIENT should be an age public key, such as age1…; another word came.") from error


def identity(path: Path) -> pyrage.x25519.Identity:
    """Read the secret key of a file made by `backup` or by age-keygen; raises BackupError when it holds none."""
    try:
        lines = path.read_text().split()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"The key file {path} cannot be read: {error}.") from error
    keys = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if len(keys) != 1:
        raise BackupError(f"The key file {path} should hold one line AGE-SECRET-KEY-…; it holds {len(keys)}.")
    try:
        return pyrage.x25519.Identity.from_str(keys[0])
    except pyrage.IdentityError as error:
        raise BackupError(f"The key in {path} is not an age secret key.") from error


def own_identity_file() -> Path:
    """Return where this state folder keeps the secret key it made."""
    return Path(settings.STATE_DIR) / "secrets" / IDENTITY


def _own_identity() -> pyrage.x25519.Identity:
    path = own_identity_file()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{pyrage.x25519.Identity.generate()}\n")
    return identity(path)
