"""Somebody who reads and submits through the web while everything breaks, and notes each answer that is not honest."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Mapping

from tests.api import FACTS

AWAY = "La base de données ne répond pas"
# What the page of an application may say of its assessment.
STATES = ("En attente d'évaluation", "Évaluation en cours", "Évaluer maintenant", "Probabilité de défaut")
PAUSE_SECONDS = 0.3


class Reader:
    """Asks in turn for pages and for whether the site is ready, and submits an application by the API.

    dishonest: what was answered that nobody could act on. acknowledged: the numbers of what was submitted and
    confirmed. answers: how many answers there were, by status; "none" when the web server was killed.
    slowest_seconds: how long the answer took that took longest.
    """

    def __init__(self, port: int, *, session: str, key: str) -> None:
        self._port = port
        self._person = {"Cookie": f"sessionid={session}"}
        self._program = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self.dishonest: list[str] = []
        self.acknowledged: list[int] = []
        self.answers: dict[str, int] = {}
        self.slowest_seconds = 0.0

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def page_of(self, number: int) -> str:
        """Give the page of an application."""
        return self._ask("GET", f"/applications/{number}", self._person)[1]

    def _read(self) -> None:
        while not self._is_over.is_set():
            self._submit()
            self._look_at("/applications/", ())
            self._look_at("/operations/", ())
            if self.acknowledged:
                self._look_at(f"/applications/{self.acknowledged[-1]}", STATES)
            self._look_whether_ready()
            time.sleep(PAUSE_SECONDS)

    def _submit(self) -> None:
        status, body = self._ask("POST", "/api/v1/applications", self._program, json.dumps({"facts": FACTS}))
        if status == 201:
            self.acknowledged.append(json.loads(body)["number"])
        elif status and (status != 503 or json.loads(body)["status"] != 503):
            self.dishonest.append(f"submitting: {status} {body[:300]}")

    def _look_at(self, address: str, said: tuple[str, ...]) -> None:
        status, body = self._ask("GET", address, self._person)
        is_page = status == 200 and (not said or any(words in body for words in said))
        if status and not is_page and not (status == 503 and AWAY in body):
            self.dishonest.append(f"{address}: {status} {body[-300:]}")

    def _look_whether_ready(self) -> None:
        """Not ready is honest when a part that is needed is named with its problem."""
        status, body = self._ask("GET", "/health/ready", {})
        if not status:
            return
        down = [part for part in json.loads(body)["parts"] if part["vital"] and not part["up"] and part["problem"]]
        if status != (503 if down else 200):
            self.dishonest.append(f"/health/ready: {status} {body}")

    def _ask(self, method: str, address: str, headers: Mapping[str, str], body: str = "") -> tuple[int, str]:
        """Give status and text; status 0 when nobody was there to answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        asked_at = time.monotonic()
        try:
            connection.request(method, address, body, dict(headers))
            response = connection.getresponse()
            status, text = response.status, response.read().decode()
        except TimeoutError:
            self.dishonest.append(f"{address}: no answer in a minute")
            return 0, ""
        except (OSError, http.client.HTTPException):
            status, text = 0, ""
        finally:
            connection.close()
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - asked_at)
        self.answers[str(status or "none")] = self.answers.get(str(status or "none"), 0) + 1
        return status, text
