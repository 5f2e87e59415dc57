"""What a long import tells whoever watches it."""

from typing import Protocol


class Progress(Protocol):
    """Told of bytes read and of what is being done."""

    def start(self, total_bytes: int) -> None:
        """Learn how many bytes there are to read in all."""

    def advance(self, count: int) -> None:
        """Learn that so many more bytes were read."""

    def say(self, what: str) -> None:
        """Learn what is being done now."""
