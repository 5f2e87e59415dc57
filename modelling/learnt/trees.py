"""Small boosters that lessons grow and carry as LightGBM's own text."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from lightgbm import Booster

SMALL_CELLS = 2_000_000  # 500 clients of 4,000 features, 5,000 clients of 400
Floats = NDArray[np.float64]
SAME_BYTES: Mapping[str, Any] = {"deterministic": True, "force_col_wise": True, "verbosity": -1}


def threads(cells: int) -> int:
    """Give how many threads LightGBM may take for a matrix of so many cells: LIGHTGBM_THREADS, or all processors (0).

    A small matrix gets one: threads that wait for each other cost more than they save, tenfold on a busy machine.
    """
    return 1 if cells < SMALL_CELLS else int(os.environ.get("LIGHTGBM_THREADS") or 0)


def portable(trees: str) -> str:
    """Take the number of threads out of LightGBM's text: the trees do not depend on it, nor should the bytes."""
    return re.sub(r"\[num_threads: \d+\]", "[num_threads: 0]", trees)


@dataclass(frozen=True)
class Trees:
    """A booster by its text."""

    text: str

    @cached_property
    def booster(self) -> Booster:
        """Give the trees, ready to predict."""
        # It brings pandas and scikit-learn, two seconds that a page or command that scores nothing need not wait for.
        import lightgbm  # noqa: PLC0415

        return lightgbm.Booster(model_str=self.text)

    def predict(self, values: NDArray[np.floating]) -> Floats:
        """Give one prediction a row of the matrix, in the unit of what was learnt."""
        if not len(values):  # LightGBM refuses an empty matrix
            return np.empty(0)
        return np.asarray(self.booster.predict(values, num_threads=threads(values.size)), dtype=np.float64)


@dataclass(frozen=True)
class Examples:
    """Rows to grow trees from: a matrix, what to predict of each row, how much it counts, which columns are codes."""

    values: NDArray[np.floating]
    label: NDArray[np.floating]
    weight: Floats | None = None
    categories: Sequence[int] = ()


def grow(examples: Examples, settings: Mapping[str, Any], *, rounds: int, seed: int) -> Trees:
    """Grow a booster; the same examples, settings and seed give the same bytes on the same platform."""
    import lightgbm  # noqa: PLC0415  # as above

    chosen = {**settings, **SAME_BYTES, "seed": seed, "num_threads": threads(examples.values.size)}
    rows = lightgbm.Dataset(
        examples.values,
        label=examples.label,
        weight=examples.weight,
        categorical_feature=list(examples.categories),
        params=chosen,
    )
    return Trees(portable(lightgbm.train(chosen, rows, num_boost_round=rounds).model_to_string()))
