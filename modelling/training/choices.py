"""What the automatic preprocessing may choose for a column, and what a person asks of it in a small TOML file.

[columns.amt_income_total]
missing = "median"
skew = "none"
scale = "robust"

[columns.organization_type]
levels = "codes"

[columns.hour_appr_process_start]
use = "no"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from modelling.errors import TrainingDataError


class Missing(StrEnum):
    """What stands for a missing number."""

    MEDIAN = "median"
    MEDIAN_AND_FLAG = "median+flag"  # the median, and a column that says it was missing
    FLAG = "flag"  # only the column that says so: the values are too few to learn from
    ZERO = "zero"


class Skew(StrEnum):
    """How a lopsided number is straightened."""

    NONE = "none"
    YEO_JOHNSON = "yeo-johnson"


class Scale(StrEnum):
    """What a number is counted in."""

    NONE = "none"
    STANDARD = "standard"  # deviations from the mean
    ROBUST = "robust"  # half interquartile ranges from the median


class Levels(StrEnum):
    """How a category is told; a missing one is a level of its own."""

    ONE_HOT = "one-hot"
    CODES = "codes"  # the place of its level, from the most frequent down


class Use(StrEnum):
    """Whether a column is read at all."""

    YES = "yes"
    NO = "no"


class Family(StrEnum):
    """Who reads the columns."""

    LINEAR = "linear"
    FOREST = "forest"


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    FLAG = "flag"  # two values
    CATEGORY = "category"
    CONSTANT = "constant"  # at most one value, and none missing, or all


@dataclass(frozen=True)
class Chosen:
    """What was chosen for a column, and the facts it was chosen by.

    None where a choice does not apply. forced: what a person chose. flagged_by: the column whose flag says the same.
    """

    column: str
    kind: Kind
    use: Use
    missing_share: float
    missing: Missing | None = None
    skewness: float | None = None
    skew: Skew | None = None
    kurtosis: float | None = None
    scale: Scale | None = None
    level_count: int | None = None
    levels: Levels | None = None
    forced: tuple[str, ...] = ()
    flagged_by: str | None = None


CHOICES: Mapping[str, type[StrEnum]] = {
    "missing": Missing,
    "skew": Skew,
    "scale": Scale,
    "levels": Levels,
    "use": Use,
}

Forced = Mapping[str, Mapping[str, str]]  # choices by column, each by what it is about


def read_choices(path: Path, columns: Sequence[str]) -> Forced:
    """Read forced choices. Raises TrainingDataError for what is no TOML, no column of ours or no choice there is."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TrainingDataError(f"{path} cannot be read as a TOML file of choices: {error}.") from error
    chosen = found.get("columns")
    if set(found) != {"columns"} or not isinstance(chosen, dict):
        held = ", ".join(found) or "nothing"
        raise TrainingDataError(f"{path} should hold tables [columns.NAME] and nothing else; it holds {held}.")
    unknown = sorted(set(chosen) - set(columns))
    if unknown:
        raise TrainingDataError(f"{path} speaks of columns that training does not read: {', '.join(unknown)}.")
    for column, asked in chosen.items():
        _check(path, column, asked)
    return chosen


def _check(path: Path, column: str, asked: Any) -> None:
    if not isinstance(asked, dict):
        raise TrainingDataError(f"{path}: [columns.{column}] should be a table of choices; came {asked!r}.")
    for about, choice in asked.items():
        if about not in CHOICES:
            raise TrainingDataError(f"{path}: {column} has no choice {about!r}; there are {', '.join(CHOICES)}.")
        known = [each.value for each in CHOICES[about]]
        if choice not in known:
            raise TrainingDataError(f"{path}: {about} of {column} is one of {', '.join(known)}; came {choice!r}.")
