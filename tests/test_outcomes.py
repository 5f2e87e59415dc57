from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from applications.errors import OutcomesError
from applications.models import Application, AuditEvent, Kind, ObservedOutcome
from applications.services.outcomes import TakenIn, import_outcomes
from tests.factories import ApplicationFactory, ClientFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give a file of two outcomes, of applications 101 and 102 received on 1 September 2026."""
    for number in (101, 102):
        ApplicationFactory.create(client=ClientFactory.create(id=number))
    return written(tmp_path, "id,date,defaulted\n101,2026-10-01,0\n102,2026-10-02,1\n")


def written(folder: Path, text: str) -> Path:
    path = folder / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    return path


def take_in(path: Path) -> TakenIn:
    return import_outcomes(path, today=TODAY, actor=None)


def test_outcomes_are_kept_and_learnt_from(file: Path) -> None:
    assert take_in(file) == TakenIn(new=2, changed=0, unchanged=0)

    assert list(ObservedOutcome.objects.order_by("pk").values_list("pk", "observed_on", "defaulted")) == [
        (101, date(2026, 10, 1), False),
        (102, date(2026, 10, 2), True),
    ]
    assert list(Application.objects.order_by("pk").values_list("target", "version")) == [(0, 1), (1, 1)]
    assert AuditEvent.objects.get(kind=Kind.OUTCOMES_IMPORTED).data["new"] == 2


def test_the_same_file_twice_changes_nothing(file: Path) -> None:
    take_in(file)

    assert take_in(file) == TakenIn(new=0, changed=0, unchanged=2)


def test_an_outcome_seen_again_replaces_the_first(file: Path, tmp_path: Path) -> None:
    take_in(file)
    again = written(tmp_path, "defaulted , ID ,date,remark\n1,101,2026-10-20,late\n")

    assert take_in(again) == TakenIn(new=0, changed=1, unchanged=0)
    assert ObservedOutcome.objects.get(pk=101).defaulted
    assert Application.objects.get(pk=101).target == 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("x,2026-10-01,0", "line 3: id should be the number of an application; came 'x'"),
        (",2026-10-01,0", "line 3: id should be the number of an application; came ''"),
        ("102,1 Oct,0", "line 3: date should be a day such as 2026-09-30; came '1 Oct'"),
        ("102,2026-10-01,yes", "line 3: defaulted should be 0 or 1; came 'yes'"),
        ("101,2026-10-01,0", "line 3: application 101 stands in an earlier line already"),
        ("102,2026-11-02,0", "line 3: 2026-11-02 is in the future"),
        ("999,2026-10-01,0", "line 3: there is no application 999"),
        ("102,2026-08-31,0", "line 3: 2026-08-31 is before the application was received"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_taken_in(file: Path, tmp_path: Path, line: str, fault: str) -> None:
    path = written(tmp_path, f"id,date,defaulted\n101,2026-10-01,0\n{line}\n")

    with pytest.raises(OutcomesError, match="1 lines are faulty, so nothing was taken in") as refusal:
        take_in(path)
    assert fault in str(refusal.value)
    assert not ObservedOutcome.objects.exists()


def test_of_many_faults_the_first_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "id,date,defaulted\n" + "x,2026-10-01,0\n" * 30)

    with pytest.raises(OutcomesError, match=r"30 lines .* line 21: .*; and 10 more"):
        take_in(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("id,defaulted\n101,0\n", "lacks date"),
        ("id,date,defaulted\n", "column names and no row"),
        ("", "no CSV"),
        ("id,date,defaulted\n1,2,3,4\n", "no CSV"),
    ],
)
def test_what_is_no_file_of_outcomes_is_refused_with_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(OutcomesError, match=sentence):
        take_in(written(tmp_path, text))


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutcomesError, match="cannot be read"):
        take_in(tmp_path / "missing.csv")
    (tmp_path / "bytes.csv").write_bytes(b"id,date,defaulted\n\xff\xfe,2026-10-01,0\n")
    with pytest.raises(OutcomesError):
        take_in(tmp_path / "bytes.csv")


def test_the_command_says_how_many(file: Path) -> None:
    out = StringIO()

    call_command("import_outcomes", str(file), stdout=out)

    assert "2 new, 0 changed, 0 unchanged" in out.getvalue()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_outcomes", "nowhere.csv")
