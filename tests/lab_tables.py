"""Small random tables for the lab's laws: legal in form, as awkward in content as a seed makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from modelling.features.bureau_months import STATUSES
from modelling.features.bureau_rows import TYPES
from modelling.features.card_rows import STATUSES as CARD_STATUSES
from modelling.features.pos_rows import STATUSES as POS_STATUSES
from modelling.features.previous_rows import CATEGORIES
from modelling.features.schema import TABLES, Column, Kind, TableSpec
from modelling.features.tables import Tables

FIRST_CLIENT = 100_001
UNSEEN = "a word no table had before"

# Values on which naive sums differ with their order: tenths, amounts that nearly cancel, nearly equal ones.
AWKWARD_REALS = (0.0, 0.1, 0.2, 0.3, 0.7, 1e9, -1e9, 1e9 + 0.01, 12345.675, 12345.685, 1e-12, 45000.0, 9251.775)
AWKWARD_INTEGERS = (0, 1, -1, -7, -30, -364, -366, -2000, -39_999, -40_001, 12, 24, 365_243)


@dataclass(frozen=True)
class Shape:
    """How random tables look.

    clients: applications; rows: the most history rows a client has in each table; missing: share of missing values;
    blank: columns that are missing throughout; unseen: whether words no table had before occur.
    """

    clients: int = 6
    rows: int = 5
    missing: float = 0.2
    blank: frozenset[str] = frozenset()
    unseen: bool = False


def random_tables(seed: int, shape: Shape = Shape()) -> Tables:
    """Return legal tables made from a seed; about one client in three has no history at all."""
    draw = np.random.default_rng(seed)
    clients = np.arange(FIRST_CLIENT, FIRST_CLIENT + shape.clients)
    frames = {"application": _filled(draw, TABLES["application"], {"sk_id_curr": clients}, shape)}
    for name in ("bureau", "previous_application", "pos_cash_balance", "installments_payments", "credit_card_balance"):
        owners = _owners(draw, clients, shape)
        frames[name] = _filled(draw, TABLES[name], _keys(draw, TABLES[name], owners), shape)
    loans = np.repeat(frames["bureau"]["sk_id_bureau"].to_numpy(), draw.integers(0, 5, frames["bureau"].height))
    frames["bureau_balance"] = _filled(draw, TABLES["bureau_balance"], _months(loans), shape)
    return Tables.of(frames)


def shuffled(tables: Tables, seed: int) -> Tables:
    """Return the same rows in another order."""
    return Tables(
        **{name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in by_name(tables).items()}
    )


def by_name(tables: Tables) -> Mapping[str, pl.DataFrame]:
    """Return the frames by table name."""
    return {name: getattr(tables, name) for name in TABLES}


def _owners(draw: np.random.Generator, clients: np.ndarray, shape: Shape) -> np.ndarray:
    counts = draw.integers(0, shape.rows + 1, len(clients)) * (draw.random(len(clients)) < 0.7)
    return np.repeat(clients, counts)


def _keys(draw: np.random.Generator, spec: TableSpec, owners: np.ndarray) -> dict[str, np.ndarray]:
    """Number the rows; where a row needs no number of its own, a client's rows share up to three contracts."""
    own = "sk_id_bureau" if spec.name == "bureau" else "sk_id_prev"
    if spec.unique:
        return {"sk_id_curr": owners, own: np.arange(len(owners)) + 2_000_000}
    return {"sk_id_curr": owners, own: owners * 10 + draw.integers(0, 3, len(owners))}


def _months(loans: np.ndarray) -> dict[str, np.ndarray]:
    newest = np.concatenate([[True], loans[1:] != loans[:-1]]) if len(loans) else np.zeros(0, bool)
    rows = np.arange(len(loans))
    return {"sk_id_bureau": loans, "months_balance": np.maximum.accumulate(np.where(newest, rows, 0)) - rows}


def _filled(draw: np.random.Generator, spec: TableSpec, keys: dict[str, np.ndarray], shape: Shape) -> pl.DataFrame:
    height = len(next(iter(keys.values())))
    columns = {
        column.name: pl.Series(keys[column.name]) if column.name in keys else _values(draw, column, height, shape)
        for column in spec.columns
    }
    return pl.DataFrame(columns, schema=spec.schema, strict=False)


def _values(draw: np.random.Generator, column: Column, height: int, shape: Shape) -> pl.Series:
    if column.name in shape.blank:
        return pl.Series([None] * height)
    values = draw.choice(np.array(_pool(column, shape), dtype=object), height)
    known = draw.random(height) >= shape.missing
    return pl.Series([value if keep else None for value, keep in zip(values, known, strict=True)])


def _pool(column: Column, shape: Shape) -> tuple[object, ...]:
    match column.kind:
        case Kind.REAL:
            return AWKWARD_REALS
        case Kind.FLAG:
            return (0, 1)
        case Kind.CATEGORY:
            words = _WORDS.get(column.name, ("XNA", "Y", "N"))
            return (*words, UNSEEN) if shape.unseen else words
        case _:
            return AWKWARD_INTEGERS


_WORDS: dict[str, tuple[str, ...]] = {
    "status": STATUSES,
    "credit_type": (*TYPES.values(), "Loan for business development"),
    "credit_active": ("Active", "Closed", "Sold", "Bad debt"),
    "credit_currency": ("currency 1", "currency 2"),
    "flag_last_appl_per_contract": ("Y", "Y", "N"),
    **{
        name: tuple(level for column, level in CATEGORIES.values() if column == name)
        for name in {column for column, _ in CATEGORIES.values()}
    },
    "name_contract_status": ("Approved", "Refused", "Canceled", *POS_STATUSES.values(), *CARD_STATUSES.values()),
}
