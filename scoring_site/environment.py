"""The environment the launcher hands to every process of the site; what the caller has set himself stays as it is."""

import os
from collections.abc import Mapping
from pathlib import Path

from scoring_site.state import State

ROOT = Path(__file__).resolve().parent.parent

# For processes that build features again and again: what a frame or an array took is kept for the next one. Given back
# each time, it costs building features half as much time again, and threads wait for each other. Not for a training,
# whose steps each need something else: a process holds on to the most memory it ever needed, for each kind of use.
KEEP_MEMORY = {
    # Polars' allocator, without the threads that would give memory back and are woken at every step.
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1,background_thread:false",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",  # the C library's, under NumPy
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
}


def site_environment(
    given: Mapping[str, str], addresses: Mapping[str, str], state: State, *, port: int, is_demo: bool
) -> dict[str, str]:
    """Return all that settings read, for a site on this machine alone, plain http, one factor.

    addresses: DATABASE_URL and REDIS_URL of running servers.
    """
    defaults = {
        "DJANGO_SETTINGS_MODULE": "scoring_site.settings",
        "DEBUG": "0",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "CSRF_TRUSTED_ORIGINS": f"http://127.0.0.1:{port},http://localhost:{port}",
        "SECURE_COOKIES": "0",
        "REQUIRE_SECOND_FACTOR": "0",
        "DEMO_DATA": "1" if is_demo else "0",
        "PYTHONUNBUFFERED": "1",
    }
    secret_key = given.get("SECRET_KEY") or state.secret("secret_key")
    own = {**addresses, "SECRET_KEY": secret_key, "STATE_DIR": str(state.folder), "PYTHONPATH": _python_path(given)}
    return {**defaults, **given, **own}


def _python_path(given: Mapping[str, str]) -> str:
    others = [folder for folder in given.get("PYTHONPATH", "").split(os.pathsep) if folder and folder != str(ROOT)]
    return os.pathsep.join([str(ROOT), *others])
