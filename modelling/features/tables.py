"""The rows of some applications and of their clients' credit history, as seven checked Polars frames."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import polars as pl

from modelling.errors import TableSchemaError, gettext_noop
from modelling.features.ordering import are_distinct
from modelling.features.runs import Runs
from modelling.features.schema import TABLES, Kind, TableSpec

LARGEST_AMOUNT = 1e10  # no real amount or rate comes near; sums of whole numbers stay exact below it
SHOWN = 3  # examples an error names


@dataclass(frozen=True)
class Tables:
    """Seven frames with the columns and types of `schema.TABLES`; a client without history has no row there.

    Words may come as Polars' categories: they are compared by code, and no feature differs.
    """

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

        NaN becomes missing. Raises TableSchemaError naming the table and what is off: a column that is missing,
        unknown or of another type, an amount that is infinite or beyond 10 billion, a key that is missing or repeated.
        """
        unknown = sorted(set(frames) - set(TABLES))
        if "application" not in frames or unknown:
            raise TableSchemaError(
                gettext_noop("Table 'application' is needed, others may be {others}; came: {came}."),
                others=", ".join(sorted(set(TABLES) - {"application"})),
                came=", ".join(sorted(frames)) or "–",
            )
        return cls(**{name: _conform(spec, frames.get(name)) for name, spec in TABLES.items()})

    def of_clients(self, clients: pl.Series) -> Tables:
        """Keep the rows of these clients (sk_id_curr) and, for the monthly bureau rows, of their bureau credits."""
        kept = {
            field.name: getattr(self, field.name).filter(pl.col("sk_id_curr").is_in(clients.implode()))
            for field in fields(self)
            if field.name != "bureau_balance"
        }
        loans = kept["bureau"]["sk_id_bureau"]
        balance = self.bureau_balance.filter(pl.col("sk_id_bureau").is_in(loans.implode()))
        return Tables(bureau_balance=balance, **kept)

    def require_known_clients(self) -> None:
        """Raise TableSchemaError when a history table has rows of a client that no application has.

        Monthly bureau rows of a credit the bureau does not list are no error: the published data has them.
        """
        known = self.application["sk_id_curr"].to_numpy()
        for spec in TABLES.values():
            if spec.parent_key != "sk_id_curr":
                continue
            keys: pl.Series = getattr(self, spec.name)["sk_id_curr"]
            owners = keys.to_numpy()[Runs.of(keys).firsts]
            if not np.isin(owners, known).all():
                strangers = pl.DataFrame({"sk_id_curr": np.setdiff1d(owners, known)})
                raise TableSchemaError(
                    gettext_noop(
                        "Table '{table}' has rows of {count} clients that no application has, such as {examples}; "
                        "keep the rows of the applications' clients with of_clients."
                    ),
                    table=spec.name,
                    count=strangers.height,
                    examples=_examples(strangers),
                )


def _conform(spec: TableSpec, frame: pl.DataFrame | None) -> pl.DataFrame:
    if frame is None:
        return pl.DataFrame(schema=spec.schema)
    if spec.name == "application" and "target" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Int8).alias("target"))
    if not spec.is_conform(frame.schema):
        _require_columns(spec, frame)
        _require_kinds(spec, frame)
        frame = _cast(spec, frame)
    frame = _without_nan(frame.rechunk())  # Polars copies the pieces of a frame together at every look otherwise
    _require_amounts(spec, frame)
    _require_keys(spec, frame)
    return frame


def _require_columns(spec: TableSpec, frame: pl.DataFrame) -> None:
    missing = [name for name in spec.column_names if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in spec.column_names]
    if missing or unknown:
        raise TableSchemaError(
            gettext_noop("Table '{table}' lacks columns [{missing}] and has unknown columns [{unknown}]."),
            table=spec.name,
            missing=", ".join(missing),
            unknown=", ".join(unknown),
        )


def _require_kinds(spec: TableSpec, frame: pl.DataFrame) -> None:
    came = frame.schema
    wrong = [
        f"{column.name} should hold {'words' if column.kind is Kind.CATEGORY else 'numbers'} and came as {kind}"
        for column in spec.columns
        if not _holds(column.kind, kind := came[column.name])
    ]
    if wrong:
        raise TableSchemaError(
            gettext_noop("Table '{table}' has columns of another type: {wrong}."),
            table=spec.name,
            wrong="; ".join(wrong),
        )


def _holds(kind: Kind, came: pl.DataType) -> bool:
    if came == pl.Null:
        return True
    words = isinstance(came, pl.String | pl.Categorical | pl.Enum)
    return words if kind is Kind.CATEGORY else came.is_numeric() or came == pl.Boolean


def _cast(spec: TableSpec, frame: pl.DataFrame) -> pl.DataFrame:
    known = _without_nan(frame)
    _require_whole(spec, known)
    try:
        return known.select(pl.col(name).cast(kind) for name, kind in spec.schema.items())
    except pl.exceptions.PolarsError as error:
        raise TableSchemaError(
            gettext_noop("Table '{table}' holds a value its column cannot hold: {error}"),
            table=spec.name,
            error=str(error),
        ) from error


def _without_nan(frame: pl.DataFrame) -> pl.DataFrame:
    # Column by column, and only where there is one: a select over all columns costs milliseconds for a single client.
    with_nan = [one.name for one in frame.get_columns() if one.dtype.is_float() and _has_nan(one)]
    return frame.with_columns(pl.col(with_nan).fill_nan(None)) if with_nan else frame


def _has_nan(values: pl.Series) -> bool:
    """Look at the sum first: it is not a number where a value is none, and quicker to take than to look at each."""
    return math.isnan(values.sum()) and bool(values.is_nan().any())


def _require_whole(spec: TableSpec, frame: pl.DataFrame) -> None:
    whole = [column.name for column in spec.columns if column.kind not in {Kind.REAL, Kind.CATEGORY}]
    floats = [frame[name] for name in whole if frame.schema[name].is_float()]
    broken = [values.name for values in floats if (values != values.round()).any()]
    if broken:
        raise TableSchemaError(
            gettext_noop("Table '{table}' should hold whole numbers in {columns}; fractions came."),
            table=spec.name,
            columns=", ".join(broken),
        )


def _require_amounts(spec: TableSpec, frame: pl.DataFrame) -> None:
    reals = [frame[column.name] for column in spec.columns if column.kind is Kind.REAL]
    largest = {values.name: _largest(values) for values in reals}
    beyond = {name: amount for name, amount in largest.items() if amount > LARGEST_AMOUNT}
    if beyond:
        raise TableSchemaError(
            gettext_noop("Table '{table}' should hold amounts up to {most}; came: {beyond}."),
            table=spec.name,
            most=f"{LARGEST_AMOUNT:g}",
            beyond=", ".join(f"{name} {amount:g}" for name, amount in beyond.items()),
        )


def _largest(values: pl.Series) -> float:
    ends = [end for end in (values.min(), values.max()) if isinstance(end, float)]
    return max((abs(end) for end in ends), default=0.0)


def _require_keys(spec: TableSpec, frame: pl.DataFrame) -> None:
    keys = [column.name for column in spec.columns if column.kind is Kind.KEY]
    missing = [name for name in keys if frame[name].has_nulls()]
    if missing:
        raise TableSchemaError(
            gettext_noop("Table '{table}' should name every row by {keys}; some rows lack {missing}."),
            table=spec.name,
            keys=", ".join(keys),
            missing=", ".join(missing),
        )
    # Taken out column by column: a select costs a tenth of a millisecond, however few the rows.
    if spec.unique and not are_distinct(pl.DataFrame([frame[name] for name in spec.unique])):
        repeated = frame.select(spec.unique).filter(pl.struct(spec.unique).is_duplicated()).unique().sort(spec.unique)
        raise TableSchemaError(
            gettext_noop(
                "Table '{table}' should have one row for each {keys}; {count} come more than once, such as {examples}."
            ),
            table=spec.name,
            keys=", ".join(spec.unique),
            count=repeated.height,
            examples=_examples(repeated),
        )


def _examples(keys: pl.DataFrame) -> str:
    rows = keys.sort(keys.columns).head(SHOWN).rows()
    return ", ".join(str(row[0]) if len(row) == 1 else str(row) for row in rows)
