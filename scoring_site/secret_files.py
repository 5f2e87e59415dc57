"""Secrets given as files, the way Docker and Kubernetes mount them; a weak one is refused."""

from collections.abc import Mapping
from pathlib import Path

_SHORTEST_KEY, _FEWEST_CHARACTERS = 50, 8
_SECRETS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")


def read_secret_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with each secret NAME read from the file NAME_FILE points to, where that is set."""
    files = {name: environment.get(f"{name}_FILE") for name in _SECRETS}
    return {**environment, **{name: Path(path).read_text().strip() for name, path in files.items() if path}}


def refuse_weak_key(environment: Mapping[str, str]) -> None:
    """Raise SystemExit, with what to do, when SECRET_KEY is missing, short, repetitive or an example's."""
    key = environment.get("SECRET_KEY", "")
    if len(key) < _SHORTEST_KEY or len(set(key)) < _FEWEST_CHARACTERS or key.startswith("django-insecure-"):
        raise SystemExit(
            f"SECRET_KEY should be a random word of {_SHORTEST_KEY} characters or more; one of {len(key)} came, or an "
            'example\'s. Make one: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
