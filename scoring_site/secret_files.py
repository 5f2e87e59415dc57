"""Secrets given as files, the way Docker and Kubernetes mount them."""

from collections.abc import Mapping
from pathlib import Path

_SECRETS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")


def read_secret_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with each secret NAME read from the file NAME_FILE points to, where that is set."""
    files = {name: environment.get(f"{name}_FILE") for name in _SECRETS}
    return {**environment, **{name: Path(path).read_text().strip() for name, path in files.items() if path}}
