"""The operating manual names processes, commands, services and settings that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from scoring_site import processes
from start import read_options

ROOT = Path(__file__).resolve().parent.parent
MANUAL = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(line) for line in re.findall(r"^\$ (.+)$", MANUAL, flags=re.MULTILINE)]
SOURCES = "".join(path.read_text() for path in (*(ROOT / "scoring_site").glob("*.py"), ROOT / "compose.yaml"))


def commands(*beginning: str) -> list[list[str]]:
    """Give the words after this beginning of each command that has it."""
    return [words[len(beginning) :] for words in COMMANDS if tuple(words[: len(beginning)]) == beginning]


def test_every_command_is_of_a_kind_that_is_checked_here() -> None:
    kinds = (("python3", "start.py"), ("python", "-m", "scoring_site.processes"), ("docker", "compose"))

    assert sum(len(commands(*kind)) for kind in kinds) == len(COMMANDS) > 0


@pytest.mark.parametrize("words", commands("python3", "start.py"), ids=" ".join)
def test_what_start_is_told_it_knows(words: list[str]) -> None:
    options = read_options(words)

    if options.command == "manage":
        name, *rest = options.arguments
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert {word for word in rest if word.startswith("--")} <= known


def test_every_process_of_the_manual_there_is() -> None:
    started = [words[0] for words in commands("python", "-m", "scoring_site.processes")]

    assert sorted(started) == sorted(processes.PROCESSES)
    assert all(f"`{name}`" in MANUAL for name in processes.PROCESSES)


def test_every_service_there_is_in_the_containers() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    told = {word for words in commands("docker", "compose") for word in words}
    named = {word.partition("=")[0] for word in told if "=" in word} | ({"web"} & told)

    assert named <= set(services)
    assert len(named) == 3


def test_every_setting_of_the_manual_is_read_somewhere() -> None:
    settings = set(re.findall(r"`([A-Z][A-Z_]{4,})(?:=[^`]*)?`", MANUAL))

    assert [name for name in sorted(settings) if name.removesuffix("_FILE") not in SOURCES] == []
