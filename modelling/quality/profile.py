"""What tables look like, in figures that hold no client: counts, missing shares, levels, quantiles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from modelling.features.schema import TABLES

PROFILE = "profile.json"  # its name beside the tables of a snapshot
QUANTILES = (0.01, 0.05, 0.25, 0.50, 0.75, 0.95, 0.99)


@dataclass(frozen=True)
class ColumnProfile:
    """One column.

    missing, outside: rows without a value, and with one out of the plausible range. levels: rows by word, for words.
    quantiles: values at QUANTILES, for numbers; empty when there is none.
    """

    kind: str
    missing: int
    outside: int
    levels: Mapping[str, int]
    quantiles: tuple[float, ...]


@dataclass(frozen=True)
class TableProfile:
    """One table. owners: how many clients have rows in it (bureau credits, for their months)."""

    rows: int
    owners: int
    columns: Mapping[str, ColumnProfile]


@dataclass(frozen=True)
class Profile:
    """Some tables by name."""

    tables: Mapping[str, TableProfile]

    def covered(self, table: str) -> tuple[int, int] | None:
        """Give how many of a table's possible owners have rows in it, and how many owners are possible.

        None for the application, or where the owners' table is not here or has fewer rows than there are owners.
        """
        parent = self.tables.get(TABLES[table].parent or "")
        if parent is None or parent.rows < self.tables[table].owners:
            return None
        return self.tables[table].owners, parent.rows

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return asdict(self)

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Profile:
        """Read a profile back."""
        return cls({name: _table_of_json(table) for name, table in facts["tables"].items()})


def read_profile(path: Path) -> Profile:
    """Read a profile that `write_profile` wrote."""
    return Profile.of_json(json.loads(path.read_text(encoding="utf-8")))


def write_profile(profile: Profile, folder: Path) -> None:
    """Note a profile beside the tables it is of."""
    (folder / PROFILE).write_text(json.dumps(profile.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _table_of_json(facts: Mapping[str, Any]) -> TableProfile:
    columns = {
        name: ColumnProfile(**{**column, "quantiles": tuple(column["quantiles"])})
        for name, column in facts["columns"].items()
    }
    return TableProfile(facts["rows"], facts["owners"], columns)
