"""The pandas oracle's side of `benchmarks.features`: python -m benchmarks._features_oracle words|codes FOLDER.

Reads a snapshot's Parquet files into pandas by the quickest way found: Polars decodes them on all processors, and
numbers come over as they are. Words come as pandas strings, as plain code that reads a file has them, or made ready as
pandas categories, on which the oracle's comparisons, groups and dummies take less time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl

from benchmarks._side_by_side import Stage, tell
from modelling.features.files import coded_rows_of, scan_table
from modelling.features.schema import TABLES
from tests.oracle import FEATURES_OF_TABLE, oracle_features
from tests.oracle.names import twins_of


def main(words: str, folder: Path) -> None:
    """Build the oracle's features and tell what they are called in the product."""
    whole, building = Stage(), Stage()
    with whole.timed():
        tables = _read(folder, _strings if words == "words" else _categories)
        with building.timed():
            features = oracle_features(tables)
    tell(len(features), _names(features), whole=whole, building=building)


def _read(folder: Path, of_words: Callable[[pl.Series], object]) -> Mapping[str, pd.DataFrame]:
    names = dict.fromkeys(("application", "bureau_balance", *FEATURES_OF_TABLE))
    return {name: _pandas(coded_rows_of(TABLES[name], scan_table(folder, name)), of_words) for name in names}


def _pandas(rows: pl.DataFrame, of_words: Callable[[pl.Series], object]) -> pd.DataFrame:
    is_of_words = {column.name: column.dtype in (pl.String, pl.Categorical) for column in rows}
    values = {one.name.upper(): of_words(one) if is_of_words[one.name] else one.to_numpy() for one in rows}
    return pd.DataFrame(values, copy=False)


def _categories(column: pl.Series) -> pd.Categorical:
    levels = column.unique().drop_nulls().cast(pl.String).sort()
    codes = column.cast(pl.Enum(levels)).to_physical().cast(pl.Int16).fill_null(-1)
    return pd.Categorical.from_codes(codes.to_numpy(), levels.to_list())


def _strings(column: pl.Series) -> pd.Series:
    categories = _categories(column)
    levels = np.array([*categories.categories, np.nan], dtype=object)  # the last is that of code -1
    return pd.Series(levels[categories.codes], dtype="str")


def _names(features: pd.DataFrame) -> list[str]:
    """Return the product's name of each feature, or the oracle's where it has a twin no more."""
    twins = {oracle: twin.name for table in FEATURES_OF_TABLE for oracle, twin in twins_of(table, features).items()}
    return [twins.get(name, name) for name in features]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
