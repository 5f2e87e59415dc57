"""Three chunks of demo clients."""

from __future__ import annotations

import polars as pl
import pytest

from modelling.demo_data.chunk import Frames, draw_chunk
from modelling.demo_data.people import CHUNK_CLIENTS
from modelling.demo_data.writing import FILES
from tests.demo_data import SEED


@pytest.fixture(scope="module")
def frames() -> Frames:
    """Three chunks of clients, tables by file name."""
    chunks = [draw_chunk(SEED, chunk, clients=CHUNK_CLIENTS) for chunk in range(3)]
    return {name: pl.concat(chunk[name] for chunk in chunks) for name in FILES}


@pytest.fixture(scope="module")
def applications(frames: Frames) -> pl.DataFrame:
    return pl.concat([frames["application_train"].drop("TARGET"), frames["application_test"]])


@pytest.fixture(scope="module")
def ended_loans(frames: Frames) -> pl.DataFrame:
    """Granted loans, not cards, whose last instalment was due before the application."""
    return frames["previous_application"].filter(
        (pl.col("NAME_CONTRACT_STATUS") == "Approved")
        & (pl.col("NAME_CONTRACT_TYPE") != "Revolving loans")
        & (pl.col("DAYS_LAST_DUE") < 0)
    )
