"""How the tables hang together: read off the models themselves, with the rows and clients each has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import ForeignKey, Model
from django.utils.text import capfirst

from applications.models import Client, Tally
from applications.models.facts import KeyFact
from applications.selectors.dictionary import Origin, entries, table_models
from modelling.features.schema import TABLES

CLIENT = Client._meta.db_table


@dataclass(frozen=True)
class Relation:
    """A table whose rows name rows of another.

    column: that names them. is_many: several rows may name the same one. is_certain: the database holds that the named
    row exists; otherwise it may be lacking, as it is for some published contracts.
    """

    parent: str
    child: str
    column: str
    is_many: bool
    is_certain: bool


@dataclass(frozen=True)
class TableCount:
    """What was counted in a table. share: of all clients, those who have a row there."""

    rows: int
    clients: int
    share: float
    counted_at: datetime

    @property
    def rows_a_client(self) -> float | None:
        """Give how many rows a client has who has any; None where nobody has."""
        return self.rows / self.clients if self.clients else None


@dataclass(frozen=True)
class TableFacts:
    """One table: what it holds in words, its key, how many published columns, and what was counted, if it was.

    features: how many are made of it. key: "" where no published column names a row.
    """

    name: str
    label: str
    key: str
    columns: int
    features: int
    count: TableCount | None


def table_facts(counts: Mapping[str, TableCount]) -> tuple[TableFacts, ...]:
    """Return the client's table and the published ones, in their order, with these counts."""
    return tuple(_facts(table, model, counts.get(table)) for table, model in mapped_models().items())


def _facts(table: str, model: type[Model], count: TableCount | None) -> TableFacts:
    spec = TABLES.get(table)
    return TableFacts(
        name=table,
        label=capfirst(str(model._meta.verbose_name_plural)),
        key=" + ".join(spec.unique) if spec else str(model._meta.pk.column),
        columns=len(spec.columns) if spec else 0,
        features=sum(entry.table == table and entry.origin is Origin.DERIVED for entry in entries()),
        count=count,
    )


def mapped_models() -> Mapping[str, type[Model]]:
    """Return the client's model and those of the published tables, by table name."""
    return {CLIENT: Client, **table_models()}


@lru_cache(maxsize=1)
def relations() -> tuple[Relation, ...]:
    """Return every relation between the tables: foreign keys, then columns called like another table's key."""
    models = mapped_models()
    return (*_foreign_keys(models), *_like_keys(models))


def table_counts() -> Mapping[str, TableCount]:
    """Return the last count of each table by name; a table that was not counted yet is left out. One query."""
    tallies = Tally.objects.filter(name__in=map(tally_name, mapped_models()))
    found = {tally.name: tally for tally in tallies}
    clients = found[tally_name(CLIENT)].facts["clients"] if tally_name(CLIENT) in found else 0
    return {
        table: TableCount(**tally.facts, share=tally.facts["clients"] / (clients or 1), counted_at=tally.counted_at)
        for table in mapped_models()
        if (tally := found.get(tally_name(table)))
    }


def tally_name(table: str) -> str:
    """Give the name under which a table's count is kept."""
    return f"table:{table}"


def _foreign_keys(models: Mapping[str, type[Model]]) -> Iterator[Relation]:
    for table, model in models.items():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and (parent := field.related_model._meta.db_table) in models:
                yield Relation(parent, table, str(field.column), is_many=not field.unique, is_certain=True)


def _like_keys(models: Mapping[str, type[Model]]) -> Iterator[Relation]:
    numbers = {
        (table, str(field.column), field.primary_key)
        for table, model in models.items()
        for field in model._meta.concrete_fields
        if isinstance(field, KeyFact)
    }
    owners = {column: table for table, column, is_primary in numbers if is_primary}
    for table, column, is_primary in sorted(numbers, key=lambda number: (list(models).index(number[0]), number[1])):
        if not is_primary and column in owners:
            yield Relation(owners[column], table, column, is_many=True, is_certain=False)
