"""`start.py test`: every check of the repository, then the tests; all are run, and summed up at the end."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scoring_site.children import Program, spawn
from scoring_site.embedded import running_servers
from scoring_site.environment import ROOT, site_environment
from scoring_site.foreground import wait_in_foreground
from scoring_site.state import State
from scoring_site.steps import end, manage

_PYTEST = (sys.executable, "-m", "pytest")
# As many as the machine has cores, more would only take turns; a module stays in one process, for the sake of what its
# tests share.
_PARALLEL = ("-n", str(min(os.cpu_count() or 1, 8)), "--dist", "loadscope")
_TEST_PORT = 8000


@dataclass(frozen=True)
class Check:
    """One tool that looks at the whole repository; its output is shown only when it objects."""

    name: str
    command: tuple[str, ...]


def checks() -> list[Check]:
    """Return the checks in the order they are run, the quick ones first."""
    return [
        Check("ruff check", _tool("ruff", "check", "--quiet", ".")),
        Check("ruff format", _tool("ruff", "format", "--check", "--quiet", ".")),
        Check("imports", (sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()")),
        *_template_checks(),
        *_script_checks(),
        Check("manage check", manage("check", "--fail-level", "WARNING")),
        Check("migrations", manage("makemigrations", "--check", "--dry-run")),
        Check("mypy", (sys.executable, "-m", "mypy", ".")),
    ]


def _tool(name: str, *words: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).with_name(name)), *words)


def _template_checks() -> list[Check]:
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    if not templates:
        return []
    return [
        Check("djade", _tool("djade", "--check", "--target-version", "5.2", *templates)),
        Check("djlint", _tool("djlint", "templates", "--lint", "--quiet")),
    ]


def _script_checks() -> list[Check]:
    found = []
    if (ROOT / "static" / "vendor" / "SHA384SUMS").exists():
        found.append(Check("vendored files", (sys.executable, "-m", "tests.vendor_sums")))
    found.append(Check("oxlint", _tool("oxlint", "--quiet", "--deny-warnings", "static/js")))
    scripts = sorted(str(path) for path in (ROOT / "static" / "js" / "tests").glob("*.test.*js"))
    node = shutil.which("node")
    if scripts and node:
        found.append(Check("node --test", (node, "--test", *scripts)))
    if scripts and not node:
        print("node is not installed: the tests of the scripts in static/js are skipped.", flush=True)
    return found


def run_tests(state: State, arguments: tuple[str, ...]) -> int:
    """Run pytest with these arguments, or without any all the checks and all the tests; returns the exit status."""
    run_folder = Path(tempfile.mkdtemp(prefix="run-", dir=state.folder))
    try:
        with running_servers(state, "test", os.environ) as servers:
            environment = _environment(servers.addresses, state, run_folder)
            if arguments:
                return _run_pytest(environment, arguments)
            return _run_everything(environment, state)
    finally:
        shutil.rmtree(run_folder, ignore_errors=True)


def _environment(addresses: Mapping[str, str], state: State, run_folder: Path) -> dict[str, str]:
    """Return the site's environment with a state folder of this run alone, which goes with it."""
    environment = site_environment(os.environ, addresses, state, port=_TEST_PORT, is_demo=False)
    return {**environment, "STATE_DIR": str(run_folder)}


def _run_everything(environment: Mapping[str, str], state: State) -> int:
    failed = [check.name for check in checks() if not _passes(check, environment, state)]
    began = time.monotonic()
    if _run_pytest(environment, _PARALLEL):
        failed.append("pytest")
    print(f"pytest took {time.monotonic() - began:.0f} s", flush=True)
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks and tests passed.", flush=True)
    return 1 if failed else 0


def _run_pytest(environment: Mapping[str, str], arguments: tuple[str, ...]) -> int:
    return wait_in_foreground(
        spawn(Program("pytest", (*_PYTEST, *arguments)), environment=environment, is_foreground=True)
    )


def _passes(check: Check, environment: Mapping[str, str], state: State) -> bool:
    output = state.log("check")
    output.unlink(missing_ok=True)
    began = time.monotonic()
    process = spawn(Program(check.name, check.command), environment=environment, log=output)
    try:
        status = process.wait()
    finally:
        end(process)
    print(f"{'ok    ' if status == 0 else 'FAILED'} {check.name} ({time.monotonic() - began:.1f} s)", flush=True)
    if status:
        print(output.read_text(errors="replace"), flush=True)
    return status == 0
