"""Trying facts out: what the machine would say of them, by the same road as an assessment, and nothing stored."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import polars as pl

from applications.models import Assessment
from applications.services.assessing.computing import Answer, InForce, answers_to
from modelling.features.schema import TABLES
from modelling.features.tables import Tables
from modelling.scoring import score

Changes = Mapping[str, object]

_SCHEMA = TABLES["application"].schema
# What names a row in one table and is referred to in another: each variant gets numbers of its own.
_KEYS = ("sk_id_bureau", "sk_id_prev")


def assess_tables(tables: Tables, used: InForce) -> list[Assessment]:
    """Return an unsaved assessment of each application of the tables, in rising order of their numbers."""
    versions = dict.fromkeys(tables.application["sk_id_curr"].to_list(), 0)
    return [unsaved(answer, used) for answer in answers_to(score(used.bundle, tables), versions, used)]


def unsaved(answer: Answer, used: InForce) -> Assessment:
    """Give an answer as the assessment that would be stored of it."""
    told = answer._asdict()
    number, said = told.pop("application"), json.loads(told.pop("reasons"))
    return Assessment(application_id=number, reasons=said, model_version=used.version, policy=used.policy, **told)


def changed(tables: Tables, changes: Changes) -> Tables:
    """Return the tables with these facts in place of those of every application; None makes a fact missing."""
    return replace(tables, application=_with(tables.application, changes))


def variants(tables: Tables, tried: Sequence[Changes]) -> Tables:
    """Return the tables of one client once for each set of changes, as applications 0, 1, …, to be assessed at once.

    Each variant has the client's whole credit history, under numbers of its own.
    """
    numbers = pl.DataFrame({"variant": range(len(tried))}, schema={"variant": pl.Int64})
    application = pl.concat([_with(tables.application, changes) for changes in tried])
    histories = {
        field.name: _for_each(getattr(tables, field.name), numbers)
        for field in fields(tables)
        if field.name != "application"
    }
    numbered = application.with_columns(pl.Series("sk_id_curr", range(len(tried)), dtype=pl.Int64))
    return Tables.of({"application": numbered, **histories})


def _with(application: pl.DataFrame, changes: Changes) -> pl.DataFrame:
    return application.with_columns(pl.lit(value, dtype=_SCHEMA[name]).alias(name) for name, value in changes.items())


def _for_each(rows: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    many = rows.join(numbers, how="cross")
    keys = [pl.col(key) * len(numbers) + pl.col("variant") for key in _KEYS if key in rows.columns]
    owner = [pl.col("variant").alias("sk_id_curr")] if "sk_id_curr" in rows.columns else []
    return many.with_columns(*keys, *owner).select(rows.columns)
