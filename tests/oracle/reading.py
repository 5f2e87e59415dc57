"""Reading the published CSV files into pandas, all clients or some."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

FILES: Mapping[str, tuple[str, ...]] = {
    "application": ("application_train", "application_test"),
    "bureau": ("bureau",),
    "bureau_balance": ("bureau_balance",),
    "previous_application": ("previous_application",),
    "pos_cash_balance": ("POS_CASH_balance",),
    "installments_payments": ("installments_payments",),
    "credit_card_balance": ("credit_card_balance",),
}


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the seven tables of a folder, by name in lower case; columns keep their published capitals."""
    return {table: _read_table(folder, files) for table, files in FILES.items()}


def rows_of(tables: Mapping[str, pd.DataFrame], clients: Collection[int]) -> dict[str, pd.DataFrame]:
    """Return the tables with the rows of some clients alone; balances follow the credits they belong to."""
    chosen = {name: rows[rows["SK_ID_CURR"].isin(clients)] for name, rows in tables.items() if name != "bureau_balance"}
    balances = tables["bureau_balance"]
    chosen["bureau_balance"] = balances[balances["SK_ID_BUREAU"].isin(chosen["bureau"]["SK_ID_BUREAU"])]
    return chosen


def _read_table(folder: Path, files: tuple[str, ...]) -> pd.DataFrame:
    return pd.concat([_read_file(folder, name) for name in files], ignore_index=True)


def _read_file(folder: Path, name: str) -> pd.DataFrame:
    path = next(path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.exists())
    # An empty cell alone is missing: pandas would take words such as "None" or "NA" for missing too.
    return pd.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)
