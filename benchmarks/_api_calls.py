"""A program that calls the API over one connection that it keeps, as an advisor's tool does."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any

TIME_LIMIT_SECONDS = 60.0


@dataclass(frozen=True)
class Call:
    """What is asked of the API. body: sent as JSON, None for a question without one."""

    method: str
    path: str
    body: object = None


@dataclass(frozen=True)
class Answer:
    """What came back after so many seconds, from the first byte sent to the last one read."""

    seconds: float
    body: Any


class Caller:
    """One connection to the API, with a key."""

    def __init__(self, address: str, key: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=TIME_LIMIT_SECONDS)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def ask(self, call: Call) -> Answer:
        """Ask and read the whole answer; ends the benchmark when it is a refusal."""
        body = None if call.body is None else json.dumps(call.body).encode()
        began = time.perf_counter()
        try:
            self._connection.request(call.method, f"/api/v1/{call.path}", body=body, headers=self._headers)
            response = self._connection.getresponse()
            told = response.read()
        except (http.client.RemoteDisconnected, ConnectionError):  # the server ends a connection now and then
            self._connection.close()
            return self.ask(call)
        seconds = time.perf_counter() - began
        if response.status >= 400:
            raise SystemExit(f"{call.method} {call.path} answered {response.status}: {told[:300].decode()}")
        return Answer(seconds, json.loads(told))
