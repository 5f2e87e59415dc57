"""The aggregate constants demo data is calibrated on, read once from `constants.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from modelling.demo_data.draws import Floats, Grid

Frequencies: TypeAlias = Mapping[str, float]
FrequencyTable: TypeAlias = Mapping[str, Frequencies]

PUBLISHED_CLIENTS = 356_255
PUBLISHED_LABELLED = 307_511


@cache
def constants() -> Mapping[str, Any]:
    """Give the whole file; README.md in this folder says what each part is and where it comes from."""
    path = Path(__file__).with_name("constants.json")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def number_kinds(file: str) -> Mapping[str, str]:
    """Tell for each numeric column of a file whether it is written as 'int' or as 'float'."""
    kinds: Mapping[str, str] = constants()["number_kind"][file]
    return kinds


def grid(table: str, *path: str) -> Grid:
    """Give a quantile grid: probabilities and the values at them."""
    part = constants()[table]
    for step in path:
        part = part[step]
    return Grid(np.asarray(part[0], dtype=float), np.asarray(part[1], dtype=float))


def frequencies(table: str, *path: str) -> Frequencies:
    """Give the frequency of each level of one column."""
    part: Any = constants()[table]
    for step in path:
        part = part[step]
    return dict(part)


def frequency_table(table: str, *path: str) -> FrequencyTable:
    """Give level frequencies under each value of a condition."""
    part: Any = constants()[table]
    for step in path:
        part = part[step]
    return dict(part)


@cache
def rank_correlations() -> tuple[tuple[str, ...], Floats]:
    """Give the columns and matrix of Spearman correlations, TARGET first."""
    stored = constants()["application"]["spearman"]
    return tuple(stored["columns"]), np.asarray(stored["matrix"], dtype=float)
