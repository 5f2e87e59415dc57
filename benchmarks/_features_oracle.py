"""The pandas oracle's side of `benchmarks.features`: python -m benchmarks._features_oracle FOLDER.

Reads a snapshot's Parquet files into pandas by the quickest way found: Polars decodes them on all processors, numbers
come over as they are, and words become pandas categories, on which the oracle's comparisons, groups and dummies take
half the time they take on strings.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import polars as pl

from benchmarks._side_by_side import Stage, tell
from modelling.features.files import coded_rows_of, scan_table
from modelling.features.schema import TABLES
from tests.oracle import FEATURES_OF_TABLE, oracle_features
from tests.oracle.names import twins_of


def main(folder: Path) -> None:
    """Build the oracle's features and tell what they are called in the product."""
    whole, building = Stage(), Stage()
    with whole.timed():
        tables = _read(folder)
        with building.timed():
            features = oracle_features(tables)
    tell(len(features), _names(features), whole=whole, building=building)


def _read(folder: Path) -> Mapping[str, pd.DataFrame]:
    names = ("application", "bureau_balance", *FEATURES_OF_TABLE)
    return {name: _pandas(coded_rows_of(TABLES[name], scan_table(folder, name))) for name in dict.fromkeys(names)}


def _pandas(rows: pl.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({column.name.upper(): _values(column) for column in rows}, copy=False)


def _values(column: pl.Series) -> object:
    if column.dtype not in (pl.String, pl.Categorical):
        return column.to_numpy()
    levels = column.unique().drop_nulls().cast(pl.String).sort()
    codes = column.cast(pl.Enum(levels)).to_physical().cast(pl.Int16).fill_null(-1)
    return pd.Categorical.from_codes(codes.to_numpy(), levels.to_list())


def _names(features: pd.DataFrame) -> list[str]:
    """Return the product's name of each feature, or the oracle's where it has a twin no more."""
    twins = {oracle: twin.name for table in FEATURES_OF_TABLE for oracle, twin in twins_of(table, features).items()}
    return [twins.get(name, name) for name in features]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
