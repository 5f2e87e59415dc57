"""The pandas oracle's side of `benchmarks.features`: python -m benchmarks._features_oracle FOLDER TABLE …."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from benchmarks._side_by_side import tell_measures
from tests.oracle import oracle_features
from tests.oracle.reading import read_tables


def _build(tables: Mapping[str, pd.DataFrame]) -> tuple[int, int]:
    features = oracle_features(tables, sys.argv[2:])
    clients, columns = features.shape
    return clients, columns


if __name__ == "__main__":
    tell_measures(lambda: read_tables(Path(sys.argv[1])), _build, sys.argv[2:])
