"""Other clients' applications as rows: those a person may see, and how many he may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from applications.access import Person, visible_applications
from applications.models import Application
from applications.selectors.population import Population
from modelling.conditions import Mask

SAMPLE = 10
CANDIDATES = 2_000  # drawn from a large group, so that those one may see are found by one query


@dataclass(frozen=True)
class Peer:
    """One application, with its place in the population."""

    application: Application
    place: int


@dataclass(frozen=True)
class Sample:
    """Some applications of a group. hidden: how many of those looked at the person may not see."""

    peers: tuple[Peer, ...]
    hidden: int


def sample_of(person: Person, population: Population, mask: Mask, *, seed: int) -> Sample:
    """Return at most SAMPLE applications of a group that a person may see, the same ones for the same seed."""
    places = np.random.default_rng(seed).permutation(np.flatnonzero(mask))[:CANDIDATES].tolist()
    numbers = population.columns.numbers[places].tolist()
    seen = set(visible_applications(person).filter(pk__in=numbers).values_list("pk", flat=True))
    shown = [place for place, number in zip(places, numbers, strict=True) if number in seen][:SAMPLE]
    return Sample(peers_at(person, population, shown).peers, len(places) - len(seen))


def peers_at(person: Person, population: Population, places: Sequence[int]) -> Sample:
    """Return the applications at these places of the population that a person may see, in that order."""
    seen = _seen(person, {int(population.columns.numbers[place]): place for place in places})
    peers = [seen[place] for place in places if place in seen]
    return Sample(tuple(peers), len(places) - len(peers))


def sees_all_of(person: Person, population: Population, mask: Mask, *, most: int) -> bool:
    """Tell whether a group has at most `most` clients and the person may see the application of each."""
    numbers = population.columns.numbers[mask]
    if len(numbers) > most:
        return False
    return visible_applications(person).filter(pk__in=numbers.tolist()).count() == len(numbers)


def _seen(person: Person, places: Mapping[int, int]) -> dict[int, Peer]:
    """Return the peers by place; of an application only what rows show is read."""
    found = visible_applications(person).filter(pk__in=[*places])
    rows = found.select_related("current_assessment").only(
        "pk", "stage", "received_on", "target", "current_assessment__probability", "current_assessment__recommendation"
    )
    return {places[row.pk]: Peer(row, places[row.pk]) for row in rows}
