"""The public kernel's features a second time, in plain pandas, to be compared with the product's.

Written from the published description of the features and of the traps in the tables, never from `modelling/features`,
and it imports nothing of the product. Slow and obvious on purpose: one glance should show that a line is right.

What the description leaves open is decided as the public kernel does it, with two exceptions that keep "unknown" apart
from "none": a sum over no known value is missing, and so is a delay whose date is missing (the kernel says 0 twice).
- A missing category is a level of its own; `XNA` and `XAP` are ordinary levels. Shares are over all rows, known or not.
- A level is a column when the rows show it, so two samples may give different columns.
- Shares of categories are taken over all credits or previous applications, not again over the active or refused ones.
- The variance is that of a sample: missing for a single row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from tests.oracle.application import application_features
from tests.oracle.bureau import bureau_features
from tests.oracle.credit_card import credit_card_features
from tests.oracle.instalments import instalments_features
from tests.oracle.pos_cash import pos_cash_features
from tests.oracle.previous_application import previous_application_features

FEATURES_OF_TABLE: Mapping[str, Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame]] = {
    "application": lambda tables: application_features(tables["application"]),
    "bureau": lambda tables: bureau_features(tables["bureau"], tables["bureau_balance"]),
    "previous_application": lambda tables: previous_application_features(tables["previous_application"]),
    "pos_cash_balance": lambda tables: pos_cash_features(tables["pos_cash_balance"]),
    "installments_payments": lambda tables: instalments_features(tables["installments_payments"]),
    "credit_card_balance": lambda tables: credit_card_features(tables["credit_card_balance"]),
}


def oracle_features(
    tables: Mapping[str, pd.DataFrame], described: Iterable[str] = tuple(FEATURES_OF_TABLE)
) -> pd.DataFrame:
    """Return one row an application, indexed by SK_ID_CURR, in the order of the application table.

    tables: by published name in lower case, train and test as one "application"; columns in published capitals.
    described: the tables to take features of, all unless told; monthly bureau balances come with the bureau.
    Numbers are never infinite; the application's categories stay words. What a client has no rows for is missing; rows
    of an id that no application has are left out.
    """
    clients = tables["application"]["SK_ID_CURR"]
    parts = [FEATURES_OF_TABLE[table](tables).reindex(clients) for table in described]
    return pd.concat(parts, axis="columns")
