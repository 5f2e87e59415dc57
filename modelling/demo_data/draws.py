"""Small vectorised draws: from quantile grids, from frequencies, from frequencies under a condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

MISSING_WORD = ""
MONEY_STEP = 0.045


class Stream(IntEnum):
    """One random stream a room, so that a change in one leaves the others' draws as they were."""

    PEOPLE = 0
    PERSON = 1
    LOAN = 2
    HOUSING = 3
    SURROUNDINGS = 4
    RISK = 5
    BUREAU = 6
    BUREAU_BALANCE = 7
    PREVIOUS = 8
    INSTALMENTS = 9
    POS_CASH = 10
    CREDIT_CARD = 11


def stream(seed: int, chunk: int, room: Stream) -> np.random.Generator:
    """Give the generator of one room of one chunk; it depends on nothing else."""
    sequence = np.random.SeedSequence(seed, spawn_key=(chunk, int(room)))
    return np.random.Generator(np.random.PCG64DXSM(sequence))


@dataclass(frozen=True)
class Grid:
    """A distribution as quantiles: probabilities rising from 0 to 1 and the values at them."""

    probabilities: Floats
    values: Floats

    def at(self, ranks: Floats) -> Floats:
        """Give the values at these ranks (0 to 1), straight lines between the stored ones."""
        return np.interp(ranks, self.probabilities, self.values)


@dataclass(frozen=True)
class Words:
    """A category column: codes into levels; the empty word means missing."""

    codes: Ints
    levels: tuple[str, ...]

    def is_in(self, *words: str) -> Flags:
        """Tell for each row whether its word is one of these."""
        return np.isin(self.codes, [i for i, level in enumerate(self.levels) if level in words])

    def valued(self, values: Mapping[str, float], default: float = 0.0) -> Floats:
        """Give each row the number its word stands for."""
        return np.asarray([values.get(level, default) for level in self.levels])[self.codes]

    def take(self, rows: Ints | Flags) -> Words:
        """Give some of the rows."""
        return Words(self.codes[rows], self.levels)

    def blanked(self, where: Flags) -> Words:
        """Make the word missing on some rows."""
        levels = (*self.levels, MISSING_WORD)
        return Words(np.where(where, len(self.levels), self.codes), levels)

    def series(self, name: str) -> pl.Series:
        """Give the column as text."""
        texts = pl.Series([level or None for level in self.levels], dtype=pl.String)
        return texts.gather(pl.Series(self.codes)).alias(name)


def words_where(condition: Flags, yes: str, no: str) -> Words:
    """Give one word where the condition holds, the other elsewhere."""
    return Words(condition.astype(np.int64), (no, yes))


def crossed(first: Words, second: Words) -> Words:
    """Join two columns into one whose levels read 'first|second'."""
    levels = tuple(f"{a}|{b}" for a in first.levels for b in second.levels)
    return Words(first.codes * len(second.levels) + second.codes, levels)


def pick(frequencies: Mapping[str, float], ranks: Floats) -> Words:
    """Choose a word for each rank (0 to 1), in the order of the mapping."""
    edges = np.cumsum(list(frequencies.values()))
    codes = np.searchsorted(edges / edges[-1], ranks, side="right")
    return Words(np.minimum(codes, len(edges) - 1), tuple(frequencies))


def pick_number(frequencies: Mapping[str, float], ranks: Floats) -> Floats:
    """Choose a number for each rank, smallest numbers at the lowest ranks."""
    rising = dict(sorted(frequencies.items(), key=lambda item: float(item[0])))
    return pick(rising, ranks).valued({level: float(level) for level in rising})


def pick_given(table: Mapping[str, Mapping[str, float]], condition: Words, ranks: Floats) -> Words:
    """Choose a word for each rank from the frequencies that stand under the row's condition.

    A condition the table lacks takes the mean of all its frequencies.
    """
    levels = tuple(sorted({level for row in table.values() for level in row}))
    rows = {key: np.asarray([row.get(level, 0.0) for level in levels]) for key, row in table.items()}
    mean = np.mean(list(rows.values()), axis=0)
    edges = np.cumsum([rows.get(key, mean) for key in condition.levels], axis=1)
    edges /= edges[:, -1:]
    codes = (ranks[:, None] >= edges[condition.codes, :-1]).sum(axis=1)
    return Words(codes.astype(np.int64), levels)


def grid_given(grids: Mapping[str, Grid], condition: Words, ranks: Floats) -> Floats:
    """Give the value at each rank of the grid that stands under the row's condition; 0 where none does."""
    values = np.zeros(len(ranks))
    for code, level in enumerate(condition.levels):
        if level in grids:
            rows = condition.codes == code
            values[rows] = grids[level].at(ranks[rows])
    return values


def steps_within(counts: Ints) -> Ints:
    """Count 0, 1, 2 … within each group of these sizes, groups one after the other."""
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(starts, counts)


def money(amounts: Floats) -> Floats:
    """Round amounts to the smallest step the published amounts are multiples of."""
    return np.round(np.round(amounts / MONEY_STEP) * MONEY_STEP, 3)


def rounded_to(values: Floats, step: Floats | float) -> Floats:
    """Round to the nearest multiple of a step."""
    return np.round(values / step) * step


def logistic(log_odds: Floats) -> Floats:
    """Give the probability of these log odds."""
    odds: Floats = 1.0 / (1.0 + np.exp(-log_odds))
    return odds
