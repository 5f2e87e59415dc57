"""The clients of one chunk: identifiers, correlated latent values and the hidden quality that drives their history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

from modelling.demo_data.constants import (
    PUBLISHED_CLIENTS,
    PUBLISHED_LABELLED,
    frequencies,
    grid,
    rank_correlations,
)
from modelling.demo_data.draws import Flags, Floats, Grid, Ints, Stream, pick_number, stream

CHUNK_CLIENTS = 2_000
FIRST_CLIENT_ID = 100_001
# 305,811 of 356,255 clients have a credit at the bureau.
WITHOUT_BUREAU_SHARE = 1 - 305_811 / 356_255


@dataclass(frozen=True)
class People:
    """The clients of one chunk, one entry each in every array.

    latent: standard normal values, correlated as the published ranks are, by application column.
    quality: hidden standard normal value, the better the higher; shows in the credit history alone.
    """

    seed: int
    chunk: int
    client_id: Ints
    is_labelled: Flags
    has_bureau: Flags
    latent: dict[str, Floats]
    quality: Floats

    @property
    def count(self) -> int:
        """Give the number of clients."""
        return len(self.client_id)

    def stream(self, room: Stream) -> np.random.Generator:
        """Give the random stream of one room for these clients."""
        return stream(self.seed, self.chunk, room)

    def value(self, column: str) -> Floats:
        """Give an application column's value from its quantiles."""
        return _application_grid(column).at(ndtr(self.latent[column]))

    def level(self, column: str) -> Floats:
        """Give an application column's value from its frequencies, for counts and ratings."""
        return pick_number(frequencies("application", "frequencies", column), ndtr(self.latent[column]))


def draw_people(seed: int, chunk: int) -> People:
    """Draw the clients of one chunk, always a whole one: the first N clients are the same for every larger N."""
    index = chunk * CHUNK_CLIENTS + np.arange(CHUNK_CLIENTS, dtype=np.int64)
    random = stream(seed, chunk, Stream.PEOPLE)
    columns, root = _copula()
    latent = np.einsum("ij,kj->ik", random.standard_normal((CHUNK_CLIENTS, len(columns))), root)
    return People(
        seed=seed,
        chunk=chunk,
        client_id=FIRST_CLIENT_ID + index,
        is_labelled=_is_labelled(index),
        has_bureau=random.random(CHUNK_CLIENTS) >= WITHOUT_BUREAU_SHARE,
        latent={column: latent[:, i] for i, column in enumerate(columns)},
        quality=random.standard_normal(CHUNK_CLIENTS),
    )


def normal_correlations() -> Floats:
    """Give the correlations of the latent normals, TARGET first, from the published rank correlations."""
    _, ranks = rank_correlations()
    return 2.0 * np.sin(np.pi * ranks / 6.0)


def _is_labelled(index: Ints) -> Flags:
    # Spread evenly: any first N clients hold the published share, and 356,255 hold exactly 307,511.
    before = index * PUBLISHED_LABELLED // PUBLISHED_CLIENTS
    after = (index + 1) * PUBLISHED_LABELLED // PUBLISHED_CLIENTS
    return after > before


@cache
def _application_grid(column: str) -> Grid:
    return grid("application", "quantiles", column)


@cache
def _copula() -> tuple[tuple[str, ...], Floats]:
    """Give the columns and the matrix that turns independent normals into correlated ones.

    Rounded, so that linear algebra libraries that differ in the last bit give the same clients.
    """
    columns, _ = rank_correlations()
    correlations = normal_correlations()[1:, 1:]
    return columns[1:], np.round(np.linalg.cholesky(correlations), 9)
