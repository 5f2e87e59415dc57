"""start.py: what it reads from the command line, and when it installs anew."""

import ctypes
import shutil
import sys
from pathlib import Path

import pytest

import start


@pytest.mark.parametrize(
    ("words", "command", "arguments"),
    [
        ([], "site", ()),
        (["site", "--port", "8001"], "site", ()),
        (["test", "-k", "policy", "-x"], "test", ("-k", "policy", "-x")),
        (["manage", "make_demo_data", "out", "--clients", "3"], "manage", ("make_demo_data", "out", "--clients", "3")),
        (["bench", "features"], "bench", ("features",)),
    ],
)
def test_the_first_word_names_the_command_and_the_rest_is_its_own(
    words: list[str], command: str, arguments: tuple[str, ...]
) -> None:
    options = start.read_options(words)

    assert (options.command, options.arguments) == (command, arguments)


@pytest.mark.parametrize(
    "words",
    [
        ["--state", "here", "manage", "check"],
        ["manage", "--state", "here", "check"],
        ["manage", "check", "--state=here"],
    ],
)
def test_every_command_takes_the_state_folder_at_any_place(words: list[str]) -> None:
    options = start.read_options(words)

    assert options.state == Path("here").absolute()
    assert options.arguments == ("check",)


def test_the_tests_have_a_state_folder_of_their_own() -> None:
    assert start.read_options([]).state == start.ROOT / ".state"
    assert start.read_options(["test"]).state == start.ROOT / ".state" / "test"


def test_the_site_takes_port_clients_and_data(tmp_path: Path) -> None:
    assert start.read_options(["--port", "9000", "--clients", "70"]).clients == 70
    assert start.read_options(["--data", str(tmp_path)]).data == tmp_path


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--prot", "1"], "'--prot' is neither an option nor one of the commands"),
        (["tests"], "'tests' is neither an option nor one of the commands"),
        (["--port", "http"], "invalid int value: 'http'"),
        (["--port", "70000"], "--port 70000 is not between 1 and 65535"),
        (["--clients", "0"], "--clients 0 is not a number of clients"),
        (["--data", "nowhere"], "--data nowhere does not exist"),
        (["--data", ".", "--clients", "5"], "choose one"),
    ],
)
def test_what_it_does_not_understand_it_says_in_a_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(SystemExit, match=sentence):
        start.read_options(words)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        start.read_options(["--help"])

    shown = capsys.readouterr().out
    assert all(f"start.py {command}" in shown for command in ("test", "manage", "bench"))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a checkout with two locks and a `.venv` in which nothing is installed yet."""
    for name, path in {
        "VENV": tmp_path / ".venv",
        "VENV_PYTHON": tmp_path / ".venv" / "python",
        "STAMP": tmp_path / ".venv" / "installed",
        "PLAIN_LOCK": tmp_path / "requirements.txt",
        "DEV_LOCK": tmp_path / "requirements-dev.txt",
    }.items():
        monkeypatch.setattr(start, name, path)
    start.VENV.mkdir()
    start.VENV_PYTHON.touch(mode=0o755)
    start.PLAIN_LOCK.write_text("django")
    start.DEV_LOCK.write_text("django pytest")
    return tmp_path


def test_nothing_is_installed_twice(checkout: Path) -> None:
    assert not start._is_installed("site")

    start.STAMP.write_text(start._fingerprint(start.PLAIN_LOCK))

    assert start._is_installed("site")
    assert not start._is_installed("test")


def test_a_changed_lock_is_installed_again(checkout: Path) -> None:
    start.STAMP.write_text(start._fingerprint(start.PLAIN_LOCK))

    start.PLAIN_LOCK.write_text("django of another version")

    assert not start._is_installed("site")


def test_the_site_is_content_with_what_the_tests_installed(checkout: Path) -> None:
    start.STAMP.write_text(start._fingerprint(start.DEV_LOCK))

    assert start._is_installed("site")


def test_the_tools_of_the_tests_stay_when_the_lock_changes(checkout: Path) -> None:
    assert start._lock_for("site") == start.PLAIN_LOCK

    start.STAMP.write_text(start._fingerprint(start.DEV_LOCK))

    assert start._lock_for("site") == start.DEV_LOCK


def test_a_machine_without_openmp_gets_the_copy_of_scikit_learn(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = start.VENV / "lib" / "python3.11" / "site-packages" / "scikit_learn.libs" / "libgomp-1.so.1.0.0"
    bundled.parent.mkdir(parents=True)
    bundled.touch()

    def lacks(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", lacks)

    folder = start.openmp_folder()

    assert folder is not None
    assert (folder / "libgomp.so.1").resolve() == bundled
    assert start.environment()["LD_LIBRARY_PATH"].startswith(str(folder))


def test_another_python_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 2))
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(SystemExit, match=r"needs Python 3\.11 and runs under 3\.10\.2"):
        start.ensure_python()
