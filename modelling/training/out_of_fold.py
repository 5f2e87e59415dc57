"""What each training client was predicted by trees that had not seen him: kept beside a bundle, never inside it.

It names clients, so it does not travel with the bundle; the bundle's report carries its SHA-256 as `out_of_fold`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from modelling.errors import TrainingDataError, gettext_noop
from modelling.recalibration import probability_of
from modelling.training.dataset import TrainingSet
from modelling.training.fit import TrainedModel
from modelling.training.metrics import Floats

COLUMNS = ("sk_id_curr", "fold", "log_odds", "target", "credit")


@dataclass(frozen=True)
class OutOfFold:
    """n training clients in rising order of number; log_odds: calibrated. credit: the amount asked for, or 0."""

    client_ids: NDArray[np.int64]
    folds: NDArray[np.int8]
    log_odds: Floats
    target: NDArray[np.int8]
    credit: Floats

    @classmethod
    def of(cls, trained: TrainedModel, rows: TrainingSet) -> OutOfFold:
        """Take from a training what was predicted out of fold."""
        return cls(rows.client_ids, trained.folds, trained.log_odds, rows.target, rows.credit)

    @property
    def probability(self) -> Floats:
        """Give the probability of default predicted for each client."""
        return probability_of(self.log_odds)

    def to_bytes(self) -> bytes:
        """Give it as Parquet; the same predictions, the same bytes."""
        columns = (self.client_ids, self.folds, self.log_odds, self.target, self.credit)
        stream = BytesIO()
        pl.DataFrame(dict(zip(COLUMNS, columns, strict=True))).write_parquet(stream)
        return stream.getvalue()


def path_beside(folder: Path) -> Path:
    """Give where the predictions that belong to a bundle's folder lie."""
    return folder.with_name(f"{folder.name}.out_of_fold.parquet")


def keep(content: bytes, folder: Path) -> None:
    """Write the predictions beside a bundle's folder, for the owner's eyes, all or nothing."""
    path = path_beside(folder)
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)


def read(folder: Path, *, digest: str) -> OutOfFold:
    """Read the predictions that belong to a bundle's folder. digest: SHA-256 from the bundle's report.

    Raises TrainingDataError when they are missing or not those of that training.
    """
    path = path_beside(folder)
    if not path.is_file():
        raise TrainingDataError(
            gettext_noop("The out-of-fold predictions {file} are missing; train again to measure on them."),
            file=str(path),
        )
    content = path.read_bytes()
    if sha256(content).hexdigest() != digest:
        raise TrainingDataError(
            gettext_noop("{file} is not what the training wrote; train again to measure on it."), file=str(path)
        )
    frame = pl.read_parquet(BytesIO(content))
    return OutOfFold(*(frame[name].to_numpy() for name in COLUMNS))
