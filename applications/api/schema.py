"""What the schema says beside the views: every answer that is not the one hoped for is a problem."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension

from applications.api.examples import IN_ADDRESS
from applications.api.problems import MEDIA_TYPE

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was expected, what came, what to do"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer to the field"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
_ALWAYS = {
    "400": "Not as expected",
    "401": "No usable key",
    "403": "Beyond the key's scopes",
    "404": "Nothing here",
    "405": "Another method",
    "406": "JSON only",
    "429": "Too many requests",
    "503": "Not available yet",
}
_WITH_BODY = {"409": "Contradicts what is stored", "413": "Too large", "415": "JSON only", "422": "Cannot be done"}


def tell_problems(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:  # noqa: FBT001
    """Add the problem answers to every operation of the schema, and an example to what stands in its address."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["example"] = IN_ADDRESS[parameter["name"]]
            told = {**_ALWAYS, **_WITH_BODY} if method == "post" else {**_ALWAYS, "409": _WITH_BODY["409"]}
            for status, description in told.items():
                operation["responses"].setdefault(status, _answer(description))
    return result


def _answer(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


class StrictSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # drf-spectacular leaves it untyped
    """Say of a strict serializer that it takes no field it does not name."""

    target_class = "applications.api.facts.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        """Return the serializer's schema, closed."""
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**schema, "additionalProperties": False}
