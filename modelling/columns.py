"""The values of many clients, one column a feature, mapped from files: whoever looks at two features reads two columns.

columns.json   the features in order, the levels of each category, how many clients, what the columns are about
values.f32     one row a feature, one place a client: float32, NaN where missing, a category by its level's code
numbers.i64    one row of application numbers, one of client numbers
outcomes.i8    0 repaid, 1 defaulted, -1 not known
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.encoding import Encoding, Matrix

FACTS, VALUES, NUMBERS, OUTCOMES = "columns.json", "values.f32", "numbers.i64", "outcomes.i8"
NOT_KNOWN = -1


@dataclass(frozen=True)
class Columns:
    """The columns of n clients. about: what the writer says of them.

    numbers, owners: of the application and of its client, n each. outcomes: n; NOT_KNOWN where it is not.
    """

    folder: Path
    about: Mapping[str, Any]
    encoding: Encoding
    numbers: NDArray[np.int64]
    owners: NDArray[np.int64]
    outcomes: NDArray[np.int8]
    values: Matrix

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, feature: object) -> bool:
        return feature in self.encoding.features

    def column(self, feature: str) -> Matrix:
        """Give the n values of a feature; raises ValueError for one that is not here."""
        found: Matrix = self.values[self.encoding.features.index(feature)]
        return found

    def levels(self, feature: str) -> tuple[str, ...] | None:
        """Give the levels of a category by code, None for a number."""
        return self.encoding.levels.get(feature)

    def code(self, feature: str, value: float | str | None) -> float:
        """Give a value as the column holds it: NaN when missing, or for a level no client here has."""
        levels = self.levels(feature)
        if levels is None:
            return float(np.float32(value)) if isinstance(value, int | float) else float("nan")
        return float(levels.index(value)) if value in levels else float("nan")


def write_columns(
    folder: Path, features: Sequence[str], parts: Iterable[pl.DataFrame], *, most: int, about: Mapping[str, Any]
) -> Columns:
    """Write columns into an empty folder and open them.

    parts: `sk_id_curr`, `client_id`, `target` and the features (numbers or strings) of some clients each, together at
    most `most` rows.
    """
    values = np.memmap(folder / VALUES, "<f4", "w+", shape=(len(features), most))
    numbers = np.memmap(folder / NUMBERS, "<i8", "w+", shape=(2, most))
    outcomes = np.memmap(folder / OUTCOMES, "i1", "w+", shape=(most,))
    codes: dict[str, dict[str, float]] = {}
    filled = 0
    for part in parts:
        place = slice(filled, filled + part.height)
        numbers[0, place], numbers[1, place] = part["sk_id_curr"].to_numpy(), part["client_id"].to_numpy()
        outcomes[place] = part["target"].fill_null(NOT_KNOWN).to_numpy()
        for row, name in enumerate(features):
            values[row, place] = _coded(part[name], codes)
        filled = place.stop
    for each in (values, numbers, outcomes):
        each.flush()
    levels = {name: list(known) for name, known in codes.items()}
    facts = {"features": [*features], "levels": levels, "clients": filled, "room": most, "about": dict(about)}
    (folder / FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    return open_columns(folder)


def open_columns(folder: Path) -> Columns:
    """Open what `write_columns` wrote; nothing is read before it is asked for."""
    facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    encoding, room, clients = Encoding.of_json(facts), facts["room"], facts["clients"]
    numbers = np.memmap(folder / NUMBERS, "<i8", "r", shape=(2, room))
    return Columns(
        folder=folder,
        about=facts["about"],
        encoding=encoding,
        numbers=numbers[0, :clients],
        owners=numbers[1, :clients],
        outcomes=np.memmap(folder / OUTCOMES, "i1", "r", shape=(room,))[:clients],
        values=np.memmap(folder / VALUES, "<f4", "r", shape=(len(encoding.features), room))[:, :clients],
    )


def _coded(column: pl.Series, codes: dict[str, dict[str, float]]) -> Matrix:
    """Give a column as it is stored; a level met for the first time gets the next code."""
    if column.dtype != pl.String:
        found = column.cast(pl.Float32).to_numpy().copy()
        found[np.isinf(found)] = np.nan
        return found
    known = codes.setdefault(column.name, {})
    for level in column.drop_nulls().unique().sort().to_list():
        known.setdefault(level, float(len(known)))
    return column.replace_strict(known or {"": 0.0}, default=None, return_dtype=pl.Float32).to_numpy()
