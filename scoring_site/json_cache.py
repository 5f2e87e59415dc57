"""How values rest in the cache: as JSON. Django's own way is pickle, which runs whatever code a forged value holds."""

import json
from typing import Any


class JsonSerializer:
    """Write and read what JSON can say; whole numbers stay bare, so that Valkey can count with them."""

    def dumps(self, value: Any) -> bytes | int:
        """Give what is stored; raises TypeError for a value JSON cannot say."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        """Read back what `dumps` gave."""
        return json.loads(stored)
