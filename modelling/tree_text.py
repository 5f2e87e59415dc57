"""LightGBM's trees, read from the text a bundle keeps: their splits, their leaves, and where training clients went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Matrix
from modelling.errors import BundleError

# Bits of LightGBM's decision_type: the kind of split, where a missing value goes, what counts as missing.
_IS_CATEGORY, _MISSING_GOES_LEFT, _MISSING_KIND_AT = 1, 2, 2
_NAN_IS_ZERO, _NAN_IS_MISSING = 0, 2


@dataclass(frozen=True)
class Split:
    """One question: is the feature's value at most `threshold`, or one of `levels`? A yes goes left.

    left, right: what comes next, a split by its number in the tree, or a leaf as ~number, which is below 0.
    left_share: of the training clients that came here, those that went left.
    """

    feature: int
    threshold: np.float32
    levels: NDArray[np.float32] | None
    missing_goes_left: bool
    left: int
    right: int
    left_share: float

    def answer(self, column: Matrix, out: NDArray[np.bool_]) -> None:
        """Write for each encoded value whether it goes left."""
        if self.levels is not None:
            out[:] = np.isin(column, self.levels)  # missing is no level and goes right
        elif self.missing_goes_left:
            np.logical_not(np.greater(column, self.threshold, out=out), out=out)
        else:
            np.less_equal(column, self.threshold, out=out)


@dataclass(frozen=True)
class Tree:
    """One tree: its splits, the first being the root, its leaves' values, and their mean over the training clients."""

    splits: tuple[Split, ...]
    leaf_values: tuple[float, ...]
    expected_value: float


def read_trees(text: str) -> Iterator[Tree]:
    """Give the trees of a booster's text. Raises BundleError for a kind of tree that we do not train."""
    for part in text.split("\nTree=")[1:]:
        lines = (line.partition("=") for line in part.partition("\n\n")[0].splitlines()[1:])
        yield _tree({name: value.split() for name, _, value in lines})


def _tree(facts: Mapping[str, list[str]]) -> Tree:
    values = tuple(map(float, facts["leaf_value"]))
    if len(values) == 1:
        return Tree((), values, values[0])
    clients = list(map(int, facts["leaf_count"]))
    came = list(map(int, facts["internal_count"]))
    mean = sum(value * count for value, count in zip(values, clients, strict=True)) / sum(clients)
    return Tree(tuple(_split(facts, place, came, clients) for place in range(len(came))), values, mean)


def _split(facts: Mapping[str, list[str]], place: int, came: list[int], leaf_clients: list[int]) -> Split:
    decision, left = int(facts["decision_type"][place]), int(facts["left_child"][place])
    threshold = float(facts["threshold"][place])
    is_category, went_left = bool(decision & _IS_CATEGORY), came[left] if left >= 0 else leaf_clients[~left]
    return Split(
        feature=int(facts["split_feature"][place]),
        threshold=_below(threshold),
        levels=_levels(facts, int(threshold)) if is_category else None,
        missing_goes_left=_missing_goes_left(decision, threshold),
        left=left,
        right=int(facts["right_child"][place]),
        left_share=went_left / came[place],
    )


def _below(threshold: float) -> np.float32:
    """Give the largest float32 that is not above: values are float32, so they compare the same against it."""
    near = np.float32(threshold)
    return np.nextafter(near, np.float32(-np.inf)) if float(near) > threshold else near


def _missing_goes_left(decision: int, threshold: float) -> bool:
    kind = decision >> _MISSING_KIND_AT & 3
    if kind == _NAN_IS_MISSING:
        return bool(decision & _MISSING_GOES_LEFT)
    if kind == _NAN_IS_ZERO:
        return threshold >= 0
    raise BundleError("A split takes zero for missing; the lab trains none such.")


def _levels(facts: Mapping[str, list[str]], group: int) -> NDArray[np.float32]:
    """Read the levels that go left: bits of 32-bit words, those of one split between two boundaries."""
    first, last = (int(bound) for bound in facts["cat_boundaries"][group : group + 2])
    words = [int(word) for word in facts["cat_threshold"][first:last]]
    levels = [32 * place + bit for place, word in enumerate(words) for bit in range(32) if word >> bit & 1]
    return np.array(levels, dtype=np.float32)
