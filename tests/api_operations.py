"""Every operation the API's schema tells of, for tests that try them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

PREFIX = "/api/v1/"


@dataclass(frozen=True)
class Operation:
    """One method at one address. bodies: the examples of what it takes, by name; None when it takes nothing."""

    method: str
    template: str
    in_address: Mapping[str, object]
    bodies: Mapping[str, object] | None
    answers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    def address(self, **named: object) -> str:
        """Give the address under /api/v1/ with what the examples name, or with something else."""
        return self.template.format(**{**self.in_address, **named})


@cache
def operations() -> tuple[Operation, ...]:
    """Give all of them; neither the schema's own address nor the documentation page is told there."""
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # drf-spectacular's own
    paths: Mapping[str, Mapping[str, Any]] = schema["paths"]
    return tuple(
        _operation(method.upper(), path.removeprefix(PREFIX), told)
        for path, methods in paths.items()
        for method, told in methods.items()
        if path != f"{PREFIX}schema"
    )


def _operation(method: str, template: str, told: Mapping[str, Any]) -> Operation:
    in_address = {each["name"]: each["example"] for each in told.get("parameters", ()) if each["in"] == "path"}
    content = told.get("requestBody", {}).get("content", {}).get("application/json")
    examples = None if content is None else content.get("examples", {})
    bodies = None if examples is None else {name: example["value"] for name, example in examples.items()}
    return Operation(method, template, in_address, bodies, tuple(told["responses"]))
