"""The second factor: a one-time code from a person's own device (TOTP, RFC 6238), and codes for when it is lost."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass

import segno
from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from applications import audit
from applications.models import Kind, User

ISSUER = "Prêt à dépenser"
RECOVERY_CODES = 8


@dataclass(frozen=True)
class Confirmed:
    """A device that has shown its first right code. recovery_codes: each works once; shown now and never again."""

    device: Device
    recovery_codes: list[str]


def has_second_factor(person: User) -> bool:
    """Tell whether this person has set up a device."""
    return bool(TOTPDevice.objects.devices_for_user(person, confirmed=True).exists())


def device_to_set_up(person: User) -> TOTPDevice:
    """Return the device this person is about to set up; it counts for nothing before its first right code."""
    device, _ = TOTPDevice.objects.get_or_create(user=person, confirmed=False, defaults={"name": ISSUER})
    return device


def picture(device: TOTPDevice) -> str:
    """Return the device's key as a QR code, for an image's address (data:)."""
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=2)


def key_of(device: TOTPDevice) -> str:
    """Return the device's key as one types it, where no camera helps: base 32, in groups of four."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


@transaction.atomic
def confirm(person: User, code: str) -> Confirmed | None:
    """Take the first code of a new device; None for a wrong code."""
    device = device_to_set_up(person)
    if not device.verify_token(code):
        return None
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    audit.record(Kind.SECOND_FACTOR_SET, actor=person, subject=person)
    return Confirmed(device, _recovery_codes(person))


@transaction.atomic
def verify(person: User, code: str) -> Device | None:
    """Return the device or recovery codes that this code belongs to; None for a wrong code or one tried too soon.

    After a wrong code a device listens again later and later (django-otp's throttling); a recovery code works once.
    """
    for kind in (TOTPDevice, StaticDevice):
        for device in kind.objects.devices_for_user(person, confirmed=True).select_for_update():
            allowed, _ = device.verify_is_allowed()
            if allowed and device.verify_token(code):
                return device
    return None


@transaction.atomic
def reset(person: User, *, actor: User) -> None:
    """Forget this person's devices and codes: at the next login a new one is set up."""
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    audit.record(Kind.SECOND_FACTOR_RESET, actor=actor, subject=person)


def _recovery_codes(person: User) -> list[str]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes
