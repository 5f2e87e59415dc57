"""Telling of alerts: an e-mail to whoever is named in the settings, a signed message to their system."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.request
from http import HTTPStatus

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation

from applications.errors import AlertError
from applications.models import Alert, User
from modelling.features.catalogue import CATALOGUE

TIMEOUT_SECONDS = 10


def see(alert: Alert, *, actor: User) -> None:
    """Note that a person has seen an alert; it is shown no longer."""
    Alert.objects.filter(pk=alert.pk, seen_at__isnull=True).update(seen_at=timezone.now(), seen_by=actor)


def send_alert_mail(alert: Alert) -> int:
    """Send the alert to ALERT_EMAILS, in French; returns to how many."""
    if not settings.ALERT_EMAILS:
        return 0
    with translation.override("fr"):
        subject = f"Prêt à dépenser : {alert.get_kind_display()}"
        words = [(name, CATALOGUE[name].label.fr) for name in alert.facts["most_moved"] if name in CATALOGUE]
        body = render_to_string("drift/alert.txt", {"alert": alert, "most_moved": words})
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, settings.ALERT_EMAILS)
    return len(settings.ALERT_EMAILS)


def post_alert(alert: Alert) -> None:
    """Post the alert to ALERT_WEBHOOK_URL as JSON, signed with ALERT_WEBHOOK_SECRET; does nothing without an address.

    The header X-Signature is "sha256=" and the HMAC of the body, as GitHub signs. Raises AlertError when it is refused,
    OSError when nobody answers.
    """
    if not settings.ALERT_WEBHOOK_URL:
        return
    body = json.dumps(
        {"alert": alert.pk, "kind": alert.kind, "at": alert.raised_at.isoformat(), **alert.facts}
    ).encode()
    headers = {"Content-Type": "application/json", "X-Signature": signature_of(body)}
    request = urllib.request.Request(settings.ALERT_WEBHOOK_URL, body, headers, method="POST")  # noqa: S310  the settings'
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise AlertError(f"{settings.ALERT_WEBHOOK_URL} answered {answer.status} to an alert; 2xx was expected.")


def signature_of(body: bytes) -> str:
    """Return how a body is signed."""
    return "sha256=" + hmac.new(settings.ALERT_WEBHOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
