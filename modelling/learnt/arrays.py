"""Arrays as JSON text: little-endian numbers in base 64, the same bytes on every machine."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import numpy as np
from numpy.typing import NDArray


def packed(values: NDArray[Any], kind: str) -> str:
    """Give an array as text. kind: of its numbers, as "<f4" or "<i1"."""
    return b64encode(values.astype(kind).tobytes()).decode()


def unpacked(text: str, kind: str) -> NDArray[Any]:
    """Read an array of one dimension back."""
    return np.frombuffer(b64decode(text), dtype=kind)
