"""What an import did, in numbers and in a sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from modelling.models import QualityReport


@dataclass(frozen=True)
class Merged:
    """Rows of a table by what became of them. touched: applications whose version rose."""

    inserted: int
    updated: int
    unchanged: int
    touched: int


@dataclass(frozen=True)
class TableReport:
    """What became of one table's rows.

    rows: in the files. rejected: left out for a fault. set_aside: left out because nobody they belong to is here.
    """

    table: str
    rows: int
    merged: Merged
    rejected: int
    set_aside: int
    rejects_path: Path | None

    @property
    def numbers(self) -> dict[str, int]:
        """Give the counts by name, for the audit event."""
        return {"rows": self.rows} | asdict(self.merged) | {"rejected": self.rejected, "set_aside": self.set_aside}

    @property
    def sentence(self) -> str:
        """Say the counts."""
        parts = [
            f"{self.merged.inserted:,} new",
            f"{self.merged.updated:,} updated",
            f"{self.merged.unchanged:,} unchanged",
        ]
        if self.set_aside:
            parts.append(f"{self.set_aside:,} set aside ({_WHY_SET_ASIDE[self.table == 'bureau_balance']})")
        if self.rejected:
            parts.append(f"{self.rejected:,} rejected (see {self.rejects_path})")
        return f"{self.table}: {self.rows:,} rows, {', '.join(parts)}"


_WHY_SET_ASIDE = {True: "no bureau credit of that number", False: "their client has no application"}


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    stale: applications whose assessment is about older facts and asks to be made again. quality: how the tables compare
    with those the champion learnt from.
    """

    tables: tuple[TableReport, ...]
    unknown: tuple[str, ...]
    is_demo: bool
    stale: tuple[int, ...]
    quality: QualityReport

    @property
    def touched(self) -> int:
        """Give how often a known application was raised to a new version."""
        return sum(table.merged.touched for table in self.tables)
