"""What every table of the oracle needs: a ratio, statistics a client, shares of categories a client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

# A known value is needed for a sum: min_count=1.
STATISTICS: Mapping[str, Callable[..., pd.Series]] = {
    "min": lambda groups: groups.min(),
    "max": lambda groups: groups.max(),
    "mean": lambda groups: groups.mean(),
    "sum": lambda groups: groups.sum(min_count=1),
    "var": lambda groups: groups.var(ddof=1),
    "size": lambda groups: groups.size(),
    "nunique": lambda groups: groups.nunique(),
}


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return part / whole; missing where whole is 0."""
    return part / whole.where(whole != 0)


def aggregate(rows: pd.DataFrame, key: str, statistics: Mapping[str, Sequence[str]], prefix: str) -> pd.DataFrame:
    """Return one row a key value, one column `PREFIX_COLUMN_STATISTIC` for each statistic asked for of a column."""
    groups = rows.groupby(key)
    columns = {}
    for column, names in statistics.items():
        for name in names:
            columns[f"{prefix}_{column}_{name.upper()}"] = STATISTICS[name](groups[column])
    return pd.DataFrame(columns).astype("float64")


def dummies(rows: pd.DataFrame, categories: Sequence[str]) -> pd.DataFrame:
    """Return a column of 0 and 1 for each level a category shows, `COLUMN_level`; missing values are `COLUMN_nan`."""
    columns = pd.get_dummies(rows[list(categories)], columns=list(categories), dummy_na=True, dtype="uint8")
    return columns.loc[:, columns.any()]


def category_shares(rows: pd.DataFrame, key: str, categories: Sequence[str], prefix: str) -> pd.DataFrame:
    """Return the share of each level among a key's rows, one column `PREFIX_COLUMN_level_MEAN`."""
    shares = dummies(rows, categories).groupby(rows[key]).mean()
    return shares.add_prefix(f"{prefix}_").add_suffix("_MEAN")
