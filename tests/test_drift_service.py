"""Drift as the office measures it: which applications count, what is written, and whom an alert reaches."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from applications import audit
from applications.errors import AlertError
from applications.models import Alert, AlertKind, AuditEvent, Kind
from applications.services import alerting
from applications.services.drift import measure_drift
from modelling.errors import DriftError, TrainingDataError, UnknownModelVersionError
from modelling.models import DriftReport, ModelVersion
from tests.factories import AgencyFactory, ApplicationFactory, ClientFactory, UserFactory
from tests.small_bundle import made_up_tables
from tests.snapshot_folder import write_snapshot

pytestmark = pytest.mark.django_db

TODAY = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_snapshot(tmp_path / "small", made_up_tables())
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path)
    monkeypatch.setattr(settings, "DRIFT_LEAST_CLIENTS", 3)


def came_in(count: int, *, days_ago: int = 1, **facts: Any) -> None:
    ApplicationFactory.create_batch(count, received_on=TODAY - timedelta(days=days_ago), **facts)


def test_a_report_tells_of_each_feature_the_most_moved_first(champion: ModelVersion) -> None:
    came_in(4, ext_source_2=0.99)

    report = measure_drift(today=TODAY).report

    findings = list(report.findings.all())
    assert {finding.feature for finding in findings} <= set(champion.features)
    assert "ext_source_2" in {finding.feature for finding in findings}
    assert [finding.psi for finding in findings] == sorted((f.psi for f in findings), reverse=True)
    assert (report.version, report.clients_then, report.clients_now) == (champion, 600, 4)
    assert 0 < report.expected["default_rate"] < 1
    assert AuditEvent.objects.get(kind=Kind.DRIFT_MEASURED).data["applications"] == 4
    assert audit.first_broken_link() is None


def test_only_applications_of_the_window_that_training_did_not_see_count(champion: ModelVersion) -> None:
    came_in(3)
    came_in(2, days_ago=settings.DRIFT_WINDOW_DAYS)
    seen = ClientFactory.create(id=1)  # training's clients are 1 to 600
    came_in(1, client=seen)
    twice = ClientFactory.create()
    for number in (900_001, 900_002):
        came_in(1, client=twice, sk_id_curr=number)

    assert measure_drift(today=TODAY).report.clients_now == 4


def test_agencies_and_months_are_told_apart(champion: ModelVersion) -> None:
    nantes, lyon = AgencyFactory.create(name="Nantes"), AgencyFactory.create(name="Lyon")
    came_in(2, agency=nantes, name_education_type="Lower secondary")
    came_in(3, agency=lyon, days_ago=40)

    groups = measure_drift(today=TODAY).report.groups

    assert [(group["name"], group["clients"]) for group in groups["agencies"]] == [("Lyon", 3), ("Nantes", 2)]
    assert [(group["name"], group["clients"]) for group in groups["months"]] == [("2026-08", 3), ("2026-09", 2)]
    assert groups["agencies"][1]["unseen_share"] > groups["agencies"][0]["unseen_share"]


def test_too_few_applications_tell_nothing(champion: ModelVersion) -> None:
    came_in(2)

    with pytest.raises(DriftError, match=r"2 applications .* 3 are needed"):
        measure_drift(today=TODAY)
    assert not DriftReport.objects.exists()


def test_nothing_is_measured_without_a_champion_or_its_snapshot(small_bundle: Path) -> None:
    with pytest.raises(UnknownModelVersionError):
        measure_drift(today=TODAY)


def test_a_lost_snapshot_is_named(champion: ModelVersion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SNAPSHOTS_DIR", tmp_path / "elsewhere")

    with pytest.raises(TrainingDataError, match="no snapshot 'small'"):
        measure_drift(today=TODAY)


def test_a_limit_passed_raises_an_alert(champion: ModelVersion) -> None:
    came_in(4, ext_source_2=0.99)

    alert = measure_drift(today=TODAY).alert

    assert alert is not None
    assert alert.facts["model_version"] == champion.number
    assert "ext_source_2" in alert.facts["most_moved"] or alert.facts["moved_features"] > 5


def test_within_the_limits_there_is_no_alert(champion: ModelVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DRIFT_FEATURE_PSI_LIMIT", 100.0)
    monkeypatch.setattr(settings, "DRIFT_SCORE_PSI_LIMIT", 100.0)
    came_in(4)

    assert measure_drift(today=TODAY).alert is None
    assert not Alert.objects.exists()


FACTS = {"report": 1, "model_version": 2, "score_psi": 0.31, "moved_features": 2, "most_moved": ["ext_source_2"]}


def an_alert() -> Alert:
    return Alert.objects.create(kind=AlertKind.DRIFT, facts=FACTS)


def test_an_alert_is_mailed_to_whoever_the_settings_name(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[EmailMessage]
) -> None:
    monkeypatch.setattr(settings, "ALERT_EMAILS", ["risk@example.org"])

    assert alerting.send_alert_mail(an_alert()) == 1

    (mail,) = mailoutbox
    assert mail.to == ["risk@example.org"]
    assert "La population s’est éloignée" in mail.subject
    assert "indice de stabilité du score 0,31, 2 variables au-delà de leur limite" in mail.body
    assert "- Score externe 2 (ext_source_2)" in mail.body


def test_nobody_is_mailed_when_the_settings_name_nobody(mailoutbox: list[EmailMessage]) -> None:
    assert alerting.send_alert_mail(an_alert()) == 0
    assert not mailoutbox


class Listener(BaseHTTPRequestHandler):
    """Notes what it is handed and answers as the test wants."""

    taken: ClassVar[list[tuple[str, bytes]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.headers["X-Signature"], body))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Listener]]:
    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Listener.taken, Listener.status = [], 204
    monkeypatch.setattr(settings, "ALERT_WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/alerts")
    monkeypatch.setattr(settings, "ALERT_WEBHOOK_SECRET", "between us")
    yield Listener
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_alert_is_posted_with_a_signature_over_its_body(listener: type[Listener]) -> None:
    alert = an_alert()

    alerting.post_alert(alert)

    ((signature, body),) = listener.taken
    assert signature == alerting.signature_of(body)
    assert json.loads(body) | {"at": ""} == {"alert": alert.pk, "kind": "drift", "at": "", **FACTS}


def test_a_receiver_tells_a_forged_alert_as_the_manual_says(listener: type[Listener]) -> None:
    (example,) = re.findall("```python\n(.*?)```", Path("docs/operations.md").read_text(), re.DOTALL)
    receiver: dict[str, Any] = {}
    exec(example, receiver)

    alerting.post_alert(an_alert())

    ((signature, body),) = listener.taken
    assert receiver["is_ours"](body, signature, "between us")
    assert not receiver["is_ours"](body.replace(b"0.31", b"0.01"), signature, "between us")
    assert not receiver["is_ours"](body, signature, "another")


def test_a_webhook_without_a_secret_is_refused() -> None:
    environment = {**os.environ, "ALERT_WEBHOOK_URL": "https://alerts.example.org", "ALERT_WEBHOOK_SECRET": ""}

    started = subprocess.run(
        [sys.executable, "manage.py", "check"], env=environment, capture_output=True, text=True, check=False
    )

    assert started.returncode != 0
    assert "ALERT_WEBHOOK_URL wants ALERT_WEBHOOK_SECRET" in started.stderr


def test_an_alert_that_is_refused_is_tried_again(listener: type[Listener]) -> None:
    listener.status = 503

    with pytest.raises((AlertError, OSError)):
        alerting.post_alert(an_alert())


def test_nothing_is_posted_without_an_address() -> None:
    alerting.post_alert(an_alert())


def test_an_alert_is_seen_once() -> None:
    alert, first, second = an_alert(), UserFactory.create(), UserFactory.create()

    alerting.see(alert, actor=first)
    alerting.see(alert, actor=second)

    alert.refresh_from_db()
    assert alert.seen_by == first


def test_the_command_says_what_moved_most(champion: ModelVersion) -> None:
    ApplicationFactory.create_batch(4, received_on=timezone.localdate(), ext_source_2=0.99)
    out = StringIO()

    call_command("measure_drift", stdout=out)

    assert "4 applications" in out.getvalue()
    assert "an alert is raised" in out.getvalue()


def test_the_command_says_why_nothing_can_be_told(champion: ModelVersion) -> None:
    with pytest.raises(CommandError, match="are needed to tell drift from chance"):
        call_command("measure_drift")
