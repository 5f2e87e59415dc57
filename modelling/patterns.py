"""Contributions of many clients at once: path-dependent TreeSHAP looked up in tables of decision patterns.

What a group of leaves gives to each feature depends only on how a client answers the few splits above and among them.
With p splits there are 2^p patterns of answers, so the contributions of every pattern are worked out once a booster
(what a subset of features is worth: Lundberg 2020; patterns: Nadel and Wettenstein 2025), and a client costs one
look-up a group and feature. As exact as LightGBM's own, splits on categories included, and many times quicker for a
book of clients; for one client LightGBM's own is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from modelling.encoding import Matrix
from modelling.errors import DeepTreesError
from modelling.tree_text import Tree, read_trees

Floats = NDArray[np.float64]
Answers = Mapping[int, NDArray[np.bool_]]
Path = tuple[tuple[int, bool], ...]  # splits with the answer that leads on
BLOCK_ROWS = 8192  # so many answers a look-up are worth its fixed cost, and their columns fit near memory
SPLITS_A_GROUP = 5  # 32 patterns, four groups a tree of depth 4; with more, the tables outgrow what they save
MOST_SPLITS = 8  # a pattern is one byte


@dataclass(frozen=True)
class Group:
    """Leaves looked up together. splits: places in their tree. shares: by feature, the contribution at each pattern."""

    splits: list[int]
    shares: list[tuple[int, Floats]]


@dataclass(frozen=True)
class PatternTables:
    """A booster laid out for look-ups. base: the expected raw score over the training clients."""

    base: float
    trees: list[tuple[Tree, list[Group]]]

    @classmethod
    def of(cls, text: str) -> PatternTables:
        """Lay out a booster from LightGBM's text. Raises DeepTreesError when a leaf lies below too many splits."""
        trees = list(read_trees(text))
        return cls(
            base=sum(tree.expected_value for tree in trees),
            trees=[(tree, list(_groups(tree, 0, ()))) for tree in trees if tree.splits],
        )

    def contributions(self, values: Matrix) -> Floats:
        """Give raw log-odds by client and feature, n × (k + 1), of encoded values; the last column is the base.

        A row sums to the client's raw score.
        """
        clients, features = values.shape
        found = np.full((clients, features + 1), self.base)
        for start in range(0, clients, BLOCK_ROWS):
            block = slice(start, start + BLOCK_ROWS)
            found[block, :features] = self._of_block(np.ascontiguousarray(values[block].T)).T
        return found

    def _of_block(self, columns: Matrix) -> Floats:
        sums, looked_up = np.zeros(columns.shape), np.empty(columns.shape[1])
        for tree, groups in self.trees:
            answers = _answers(tree, columns)
            for group in groups:
                pattern = np.packbits(answers[group.splits], axis=0, bitorder="little")[0].astype(np.intp)
                for feature, shares in group.shares:
                    np.take(shares, pattern, out=looked_up, mode="clip")
                    sums[feature] += looked_up
        return sums


def _answers(tree: Tree, columns: Matrix) -> NDArray[np.bool_]:
    answers = np.empty((len(tree.splits), columns.shape[1]), dtype=np.bool_)
    for split, answer in zip(tree.splits, answers, strict=True):
        split.answer(columns[split.feature], answer)
    return answers


def _groups(tree: Tree, node: int, path: Path) -> Iterator[Group]:
    """Cut what lies under a node into the largest parts that, with the splits above them, have few patterns."""
    leaves = list(_leaves(tree, node, path))
    splits = list(dict.fromkeys(split for _, way in leaves for split, _ in way))
    if node < 0 or len(splits) <= SPLITS_A_GROUP:
        yield _group(tree, leaves, splits)
    else:
        for child, is_left in ((tree.splits[node].left, True), (tree.splits[node].right, False)):
            yield from _groups(tree, child, (*path, (node, is_left)))


def _leaves(tree: Tree, node: int, path: Path) -> Iterator[tuple[int, Path]]:
    """Give each leaf under a node with the whole way to it from the root."""
    if node < 0:
        yield ~node, path
        return
    yield from _leaves(tree, tree.splits[node].left, (*path, (node, True)))
    yield from _leaves(tree, tree.splits[node].right, (*path, (node, False)))


def _group(tree: Tree, leaves: Sequence[tuple[int, Path]], splits: list[int]) -> Group:
    if len(splits) > MOST_SPLITS:
        raise DeepTreesError(f"A leaf lies below {len(splits)} splits; a pattern holds {MOST_SPLITS} at most.")
    patterns = np.arange(2 ** len(splits))
    answers = {split: patterns >> bit & 1 == 1 for bit, split in enumerate(splits)}
    shares: dict[int, Floats] = {}
    for leaf, path in leaves:
        for feature, share in _shares(tree, path, answers):
            shares[feature] = shares.get(feature, np.zeros(len(patterns))) + tree.leaf_values[leaf] * share
    return Group(splits, list(shares.items()))


def _shares(tree: Tree, path: Path, answers: Answers) -> Iterator[tuple[int, Floats]]:
    """Give how much of a leaf's value each feature on the way to it gets at each pattern: its Shapley value.

    A known feature lets the value through or not, as the client passes its splits; an unknown one lets through the
    share of training clients that passed them.
    """
    known: dict[int, Floats] = {}
    unknown: dict[int, float] = {}
    for place, is_left in path:
        split = tree.splits[place]
        passed = (answers[place] == is_left).astype(np.float64)
        known[split.feature] = known.get(split.feature, 1.0) * passed
        share = split.left_share if is_left else 1 - split.left_share
        unknown[split.feature] = unknown.get(split.feature, 1.0) * share
    for feature, let_through in known.items():
        others = [(known[other], unknown[other]) for other in known if other != feature]
        yield feature, (let_through - unknown[feature]) * _mean_let_through(others)


def _mean_let_through(others: Sequence[tuple[Floats, float]]) -> Floats | float:
    """Give what the other features let through, averaged over the orders in which features may become known."""
    by_known: list[Floats | float] = [1.0]  # summed over the subsets with so many known
    for known, unknown in others:
        longer = [part * unknown for part in by_known] + [0.0]
        by_known = [part + (by_known[size - 1] * known if size else 0.0) for size, part in enumerate(longer)]
    count = len(by_known)
    return sum(
        factorial(size) * factorial(count - 1 - size) / factorial(count) * part for size, part in enumerate(by_known)
    )
