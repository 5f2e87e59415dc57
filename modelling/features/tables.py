"""The rows of some applications and of their clients' credit history, as seven checked Polars frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import polars as pl

from modelling.errors import TableSchemaError
from modelling.features.schema import TABLES, TableSpec


@dataclass(frozen=True)
class Tables:
    """Seven frames with the columns and types of `schema.TABLES`; a client without history has no row there."""

    application: pl.DataFrame
    bureau: pl.DataFrame
    bureau_balance: pl.DataFrame
    previous_application: pl.DataFrame
    pos_cash_balance: pl.DataFrame
    installments_payments: pl.DataFrame
    credit_card_balance: pl.DataFrame

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> Tables:
        """Check and cast frames by table name; `target` may be absent, another table that is absent counts as empty.

        Raises TableSchemaError naming the table and the columns when a column is missing, unknown or of another type.
        """
        if "application" not in frames:
            raise TableSchemaError(f"Table 'application' is needed; came: {sorted(frames) or 'nothing'}.")
        return cls(**{name: _conform(spec, frames.get(name)) for name, spec in TABLES.items()})

    def of_clients(self, clients: pl.Series) -> Tables:
        """Keep the rows of these clients (sk_id_curr) and, for the monthly bureau rows, of their bureau credits."""
        kept = {
            field.name: getattr(self, field.name).filter(pl.col("sk_id_curr").is_in(clients.implode()))
            for field in fields(self)
            if field.name != "bureau_balance"
        }
        credits = kept["bureau"]["sk_id_bureau"]
        balance = self.bureau_balance.filter(pl.col("sk_id_bureau").is_in(credits.implode()))
        return Tables(bureau_balance=balance, **kept)


def _conform(spec: TableSpec, frame: pl.DataFrame | None) -> pl.DataFrame:
    if frame is None:
        return pl.DataFrame(schema=spec.schema)
    if spec.name == "application" and "target" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Int8).alias("target"))
    missing = [name for name in spec.column_names if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in spec.column_names]
    if missing or unknown:
        raise TableSchemaError(f"Table {spec.name!r} lacks columns {missing} and has unknown columns {unknown}.")
    try:
        return frame.select(pl.col(name).cast(kind) for name, kind in spec.schema.items())
    except pl.exceptions.PolarsError as error:
        raise TableSchemaError(f"Table {spec.name!r} holds a value of another type: {error}") from error
