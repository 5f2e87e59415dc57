"""All lessons by name, and what was learnt in them: carried in a bundle, told of one client or of many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import polars as pl

from modelling.errors import BundleError, UnfitBundleError
from modelling.features.build import build_features, column
from modelling.features.catalogue import CATALOGUE
from modelling.features.feature import TOLD, Feature, Lesson
from modelling.features.lessons import COMPARED, GROUPS, LINES
from modelling.features.polars_pool import among_few
from modelling.features.similar_loans import MEANS
from modelling.features.tables import Tables
from modelling.learnt.cases import CLIENT, Cases, Floats, Known
from modelling.learnt.groups import GroupMedians
from modelling.learnt.likeness import Likeness
from modelling.learnt.loans import SimilarLoans
from modelling.learnt.neighbours import COORDINATES, Neighbours
from modelling.learnt.term import ExpectedTerm


class Learnt(Protocol):
    """What one lesson taught."""

    def tell(self, cases: Cases) -> Mapping[str, Floats]:
        """Give by name what it says of each client, n, NaN where nothing; of each, it looks at the own rows alone."""

    def to_json(self) -> dict[str, Any]:
        """Give what its method reads back."""


@dataclass(frozen=True)
class Method:
    """How a lesson is learnt and read back.

    looks_at_outcomes: whether a client may therefore never be told what was learnt from its own.
    table: the history it looks at beside the features.
    """

    learn: Callable[[Known], Learnt]
    of_json: Callable[[Mapping[str, Any]], Learnt]
    looks_at_outcomes: bool = False
    table: str | None = None


def _likeness(lesson: Lesson) -> Method:
    learn, of_json = partial(Likeness.learn, lesson=lesson), partial(Likeness.of_json, lesson=lesson)
    return Method(
        learn,
        of_json,
        looks_at_outcomes=True,
        table=LINES[lesson].table.name,
    )


METHODS: Mapping[Lesson, Method] = {
    Lesson.GROUPS: Method(GroupMedians.learn, GroupMedians.of_json),
    Lesson.TERM: Method(ExpectedTerm.learn, ExpectedTerm.of_json, table="previous_application"),
    Lesson.LOANS: Method(SimilarLoans.learn, SimilarLoans.of_json, looks_at_outcomes=True),
    Lesson.PREVIOUS: _likeness(Lesson.PREVIOUS),
    Lesson.BUREAU: _likeness(Lesson.BUREAU),
    Lesson.NEIGHBOURS: Method(Neighbours.learn, Neighbours.of_json, looks_at_outcomes=True),
}
# The features that lessons look at.
LOOKED_AT: tuple[str, ...] = tuple(
    dict.fromkeys((*COMPARED, *(group.column for group in GROUPS), *COORDINATES, *MEANS))
)


@dataclass(frozen=True)
class Lessons:
    """What was learnt, by lesson; empty for a bundle whose features need nothing but the client's own rows."""

    learnt: Mapping[Lesson, Learnt]

    def build(self, tables: Tables, features: Collection[str]) -> pl.DataFrame:
        """Give these features of the tables' clients, as `build_features` does, and perhaps more.

        Those that need a lesson which was not learnt, or that the catalogue lacks, are not among them.
        """
        own = [name for name in features if name in CATALOGUE and CATALOGUE[name].lesson is None]
        looked_at = LOOKED_AT if self.learnt else ()
        names = tuple(dict.fromkeys((*own, *looked_at)))
        return among_few(tables.application.height, lambda: self.add(tables, build_features(tables, names)))

    def add(self, tables: Tables, features: pl.DataFrame) -> pl.DataFrame:
        """Give the features with those of the lessons beside them, one row a client as they came.

        features: as `build_features` gives them for these tables.
        """
        if not self.learnt:
            return features
        cases = Cases(features.select(CLIENT, *LOOKED_AT), tables)
        return features.hstack(told_features(cases, {lesson: tell(one, cases) for lesson, one in self.learnt.items()}))

    def computable(self) -> frozenset[str]:
        """Give the features of the catalogue that these lessons, or none, allow to compute."""
        return frozenset(name for name, one in CATALOGUE.items() if one.lesson is None or one.lesson in self.learnt)

    def needed_by(self, features: Collection[str]) -> Lessons:
        """Keep the lessons that these features need."""
        needed = {CATALOGUE[name].lesson for name in features if name in CATALOGUE}
        return Lessons({lesson: learnt for lesson, learnt in self.learnt.items() if lesson in needed})

    def to_json(self) -> dict[str, Any]:
        """Give what `of_json` reads back."""
        return {lesson.value: learnt.to_json() for lesson, learnt in self.learnt.items()}

    @classmethod
    def of_json(cls, facts: Mapping[str, Any]) -> Lessons:
        """Read lessons back. Raises BundleError naming those this code does not know."""
        unknown = sorted(set(facts) - set(Lesson))
        if unknown:
            known = ", ".join(Lesson)
            raise BundleError(f"The bundle carries lessons {unknown}; this version knows {known}. Train a new one.")
        return cls({lesson: METHODS[lesson].of_json(facts[lesson]) for lesson in Lesson if lesson in facts})


def tell(learnt: Learnt, cases: Cases) -> pl.DataFrame:
    """Give what a lesson says of each client as columns, null where nothing."""
    return pl.DataFrame(
        [pl.Series(f"{TOLD}{name}", values, nan_to_null=True) for name, values in learnt.tell(cases).items()]
    )


def told_features(cases: Cases, told: Mapping[Lesson, pl.DataFrame]) -> pl.DataFrame:
    """Give the features of lessons from what each of them told of these cases, one row a client.

    Raises UnfitBundleError when a lesson was learnt by a release whose lessons told other things.
    """
    wanted = map(column, features_of(told))
    try:
        return pl.concat([cases.features, *told.values()], how="horizontal").select(wanted)
    except pl.exceptions.ColumnNotFoundError as error:
        said = str(error).splitlines()[0].split(";")[0]
        raise UnfitBundleError(
            f"Another release learnt the lessons of this bundle: {said}. Train a new one."
        ) from error


def features_of(lessons: Collection[Lesson]) -> tuple[Feature, ...]:
    """Give the features that need these lessons, in build order."""
    return tuple(feature for feature in CATALOGUE.values() if feature.lesson in lessons)


def looked_at(lessons: Collection[Lesson]) -> tuple[str, ...]:
    """Give the history tables these lessons look at, each once."""
    return tuple(sorted({table for lesson in lessons if (table := METHODS[lesson].table)}))
