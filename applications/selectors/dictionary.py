"""The dictionary: every published column and every feature made of them, in both languages, searched and filtered.

Entries are built once a process from what the product itself uses: the tables' models (`help_text`) and the catalogue
that computes the features. A column the models read as it stands is one entry, not two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from django.apps import apps
from django.db.models import Model
from django.utils.translation import override

from applications.models.facts import (
    AnyFact,
    CategoryFact,
    FlagFact,
    KeyFact,
    ParentFact,
    published_fields,
)
from applications.models.facts import Unit as StoredUnit
from applications.selectors.importance import Importance
from modelling.features.catalogue import CATALOGUE, Feature, LegalStatus, Words
from modelling.features.legal import status_of
from modelling.features.schema import TABLES

KEY_UNIT = "key"  # the number of a row, which measures nothing
_UNIT_OF_KIND = ((KeyFact, KEY_UNIT), (ParentFact, KEY_UNIT), (FlagFact, "flag"), (CategoryFact, "category"))
OUTCOME = "target"


class Origin(StrEnum):
    """Where the value of an entry comes from."""

    COLUMN = "column"  # stored as published
    DERIVED = "derived"  # computed by a formula


@dataclass(frozen=True)
class Entry:
    """One column or feature.

    key: its address, the name, with its table before it for a column of a history table. unit: a word of either unit
    enum, "key" for a row's number, "" for a number that counts nothing. formula: "" for a column
    that is read as it stands.
    status: None for what no model could read, a key or the outcome. low, high: plausible range in `unit`.
    reads: keys of the columns a derived entry is made of; read_by: keys of what is made of this column.
    """

    key: str
    name: str
    table: str
    origin: Origin
    label: Words
    sentence: Words
    unit: str
    formula: str = ""
    low: float | None = None
    high: float | None = None
    status: LegalStatus | None = None
    is_opaque: bool = False
    reads: tuple[str, ...] = ()
    read_by: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=(), repr=False)  # folded, as `search` compares them
    told: str = field(default="", repr=False)


@dataclass(frozen=True)
class Through:
    """How many features made of a column a model version reads, and their share of all importance."""

    count: int
    share: float


@dataclass(frozen=True)
class Wanted:
    """What a person looks for; None and "" leave that open."""

    text: str = ""
    table: str = ""
    unit: str = ""
    status: LegalStatus | None = None
    origin: Origin | None = None


def search(among: Sequence[Entry], wanted: Wanted) -> tuple[Entry, ...]:
    """Return the entries that match, in the order they came; with a text, those that have it in their name first.

    Every word of the text must begin a word of the entry's name, label, sentence or formula, in French or in English;
    case and accents do not count.
    """
    words = fold(wanted.text).split()
    found = [entry for entry in among if _matches(entry, wanted) and _has(entry.told, words)]
    if words:
        found.sort(key=lambda entry: _distance(entry, words))
    return tuple(found)


def by_importance(among: Sequence[Entry], importance: Importance | None) -> tuple[Entry, ...]:
    """Return the entries that the model version reads, the most important first, then the others as they came."""
    weights = importance.weights if importance else {}
    return tuple(sorted(among, key=lambda entry: weights[entry.key].rank if entry.key in weights else len(weights) + 1))


def through(entry: Entry, importance: Importance | None) -> Through | None:
    """Return what the model version reads of a column by way of the features made of it; None when that is nothing."""
    weights = importance.weights if importance else {}
    shares = [weights[key].share for key in entry.read_by if key in weights]
    return Through(len(shares), sum(shares)) if shares else None


@lru_cache(maxsize=1)
def entries() -> tuple[Entry, ...]:
    """Return every entry: table after table, its columns as published, then the features made of that table."""
    columns = tuple(_columns())
    known = {column.key for column in columns}
    features = tuple(_derived(feature) for name, feature in CATALOGUE.items() if name not in known)
    readers = _readers(features)
    linked = (replace(column, read_by=readers.get(column.key, ())) for column in columns)
    order = {table: place for place, table in enumerate(TABLES)}
    return tuple(_searchable(e) for e in sorted(chain(linked, features), key=lambda entry: order[entry.table]))


@lru_cache(maxsize=1)
def _by_key() -> Mapping[str, Entry]:
    return {entry.key: entry for entry in entries()}


def find_entry(key: str) -> Entry | None:
    """Return the entry at an address, None when there is none."""
    return _by_key().get(key)


def column_entry(table: str, name: str) -> Entry | None:
    """Return the entry of a published column, None when there is none."""
    return find_entry(_column_key(table, name))


def table_models() -> Mapping[str, type[Model]]:
    """Return the model of each published table, by its name in `schema.TABLES` and in its order."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    return {name: models[name] for name in TABLES}


def fold(text: str) -> str:
    """Return the words of a text without case, accents and marks, one space before each: " l echeance"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    return "".join(f" {word}" for word in re.findall(r"[^\W_]+", bare))


def _matches(entry: Entry, wanted: Wanted) -> bool:
    return (
        (not wanted.table or entry.table == wanted.table)
        and (not wanted.unit or entry.unit == wanted.unit)
        and (wanted.status is None or entry.status is wanted.status)
        and (wanted.origin is None or entry.origin is wanted.origin)
    )


def _has(told: str, words: Sequence[str]) -> bool:
    return all(f" {word}" in told for word in words)


def _distance(entry: Entry, words: Sequence[str]) -> int:
    """Give 0 when the text is the name or label, 1 when all of it stands in one of them, 2 otherwise."""
    if "".join(f" {word}" for word in words) in entry.names:
        return 0
    return 1 if any(_has(name, words) for name in entry.names) else 2


def _columns() -> Iterator[Entry]:
    for table, model in table_models().items():
        facts = {fact.source_column.lower(): fact for fact in published_fields(model)}
        for name in TABLES[table].column_names:
            yield _column(table, name, facts[name])


def _column(table: str, name: str, fact: AnyFact) -> Entry:
    """Give a published column; one that models read as it stands has the words, unit and range of that feature."""
    feature = CATALOGUE.get(name) if table == "application" else None
    unit = str(feature.unit) if feature else _unit(fact)
    return Entry(
        key=_column_key(table, name),
        name=name,
        table=table,
        origin=Origin.COLUMN,
        label=feature.label if feature else _in_both(fact.verbose_name),
        sentence=feature.sentence if feature else _in_both(fact.help_text),
        unit=unit,
        formula=feature.formula if feature and feature.formula != name else "",
        low=feature.low if feature else None,
        high=feature.high if feature else None,
        status=None if unit == KEY_UNIT or name == OUTCOME else status_of([name]),
        is_opaque=feature.opaque if feature else False,
    )


def _column_key(table: str, name: str) -> str:
    return name if table == "application" else f"{table}.{name}"


def _in_both(text: object) -> Words:
    with override("fr"):
        french = str(text)
    with override("en"):
        return Words(french, str(text))


def _unit(fact: AnyFact) -> str:
    for kind, unit in _UNIT_OF_KIND:
        if isinstance(fact, kind):
            return unit
    # What the publisher rescaled is a score to the features as well.
    return {StoredUnit.NORMALISED: "score", StoredUnit.NONE: ""}.get(fact.unit, str(fact.unit))


def _derived(feature: Feature) -> Entry:
    return Entry(
        key=feature.name,
        name=feature.name,
        table=feature.source,
        origin=Origin.DERIVED,
        label=feature.label,
        sentence=feature.sentence,
        unit=str(feature.unit),
        formula=feature.formula,
        low=feature.low,
        high=feature.high,
        status=feature.status,
        is_opaque=feature.opaque,
        reads=_reads(feature),
    )


def _reads(feature: Feature) -> tuple[str, ...]:
    """Give the columns it reads as they are stored; a column prepared on the way is told by the formula alone."""
    keys = (_key_of_root(root) for root in feature.expression.meta.root_names())
    return tuple(dict.fromkeys(key for key in keys if key))


def _key_of_root(root: str) -> str:
    """Give the key of the column behind a root of an expression: `table.rows:how|column|where`, or one of the file."""
    aggregate = re.fullmatch(r"(\w+)(?:\.\w+)?:\w+\|(\w*)\|.*", root)
    table, name = aggregate.groups() if aggregate else ("application", root)
    if name not in TABLES[table].schema:
        return ""
    return name if table == "application" else f"{table}.{name}"


def _readers(features: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for feature in features:
        for key in feature.reads:
            found[key] = (*found.get(key, ()), feature.key)
    return found


def _searchable(entry: Entry) -> Entry:
    names = tuple(fold(name) for name in (entry.name, entry.label.fr, entry.label.en))
    rest = fold(f"{entry.table} {entry.sentence.fr} {entry.sentence.en} {entry.formula}")
    return replace(entry, names=names, told="".join(names) + rest)
