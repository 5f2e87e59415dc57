"""The rows of a group: sample applications, and the most similar with what sets them apart most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from applications.access import Person
from applications.charts.variables import Variable, variable_of
from applications.models import Application
from applications.selectors.peers import peers_at, sample_of
from applications.selectors.population import Population, Similar, Value
from modelling.conditions import Mask

TOLD = 3


@dataclass(frozen=True)
class Difference:
    """A feature in which another client differs: its words, his value and the client's own."""

    label: str
    theirs: str
    own: str


@dataclass(frozen=True)
class PeerRow:
    """One application. value: of the feature looked at. distance: to the client, None in a sample of a group."""

    application: Application
    value: str
    distance: float | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class PeerRows:
    """The rows a person may see. hidden: how many more there are, of agencies he does not."""

    rows: tuple[PeerRow, ...]
    hidden: int


def sample_rows(person: Person, population: Population, mask: Mask, variable: Variable, *, seed: int) -> PeerRows:
    """Return some applications of a group."""
    found = sample_of(person, population, mask, seed=seed)
    rows = tuple(PeerRow(peer.application, _value(population, variable, peer.place)) for peer in found.peers)
    return PeerRows(rows, found.hidden)


def similar_rows(
    person: Person, population: Population, similar: Similar, values: Mapping[str, Value], variable: Variable
) -> PeerRows:
    """Return the most similar clients, the nearest first, with what sets each apart most."""
    places = similar.neighbours.places.tolist()
    found = peers_at(person, population, places)
    rank = {place: rank for rank, place in enumerate(places)}
    rows = tuple(
        PeerRow(
            application=peer.application,
            value=_value(population, variable, peer.place),
            distance=float(similar.neighbours.distances[rank[peer.place]]),
            differences=_differences(population, similar, values, rank[peer.place]),
        )
        for peer in found.peers
    )
    return PeerRows(rows, found.hidden)


def _differences(
    population: Population, similar: Similar, values: Mapping[str, Value], rank: int
) -> tuple[Difference, ...]:
    apart, place = similar.neighbours.apart[rank], int(similar.neighbours.places[rank])
    order = [column for column in np.argsort(-apart, kind="stable")[:TOLD] if apart[column] > 0]
    told = (variable_of(population, population.likeness.features[column]) for column in order)
    return tuple(
        Difference(each.label, _value(population, each, place), each.write(values.get(each.name))) for each in told
    )


def _value(population: Population, variable: Variable, place: int) -> str:
    return variable.write(population.meaning(variable.name, place))
