"""How many rows of a table a client has."""

from __future__ import annotations

import numpy as np

from modelling.demo_data.constants import constants, grid
from modelling.demo_data.draws import Flags, Ints


def rows_per_client(table: str, is_labelled: Flags, has_any: Flags, random: np.random.Generator) -> Ints:
    """Draw row counts from the quantiles of labelled and unlabelled clients; 0 for those without history."""
    ranks = random.random(len(is_labelled))
    drawn = np.where(
        is_labelled,
        grid(table, "rows_per_client", "labelled", "quantiles").at(ranks),
        grid(table, "rows_per_client", "unlabelled", "quantiles").at(ranks),
    )
    # An even chance takes the straight lines between whole quantiles up or down; the scale gives the published mean.
    scale = constants()[table]["rows_per_client"]["scale"]
    counts = np.floor(drawn * scale + random.random(len(ranks)))
    return np.where(has_any, np.maximum(counts, 1), 0).astype(np.int64)
