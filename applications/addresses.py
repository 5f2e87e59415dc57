"""Where a request comes from, so that one machine's wrong passwords never count against another's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the machine that asks.

    Behind `PROXIES` proxies of ours, each adds whom it heard to the end of X-Forwarded-For; what stands before those
    entries is the asker's own word and is not believed.
    """
    heard = [address.strip() for address in request.headers.get("X-Forwarded-For", "").split(",") if address.strip()]
    if settings.PROXIES and len(heard) >= settings.PROXIES:
        return str(heard[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))
