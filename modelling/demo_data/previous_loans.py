"""Earlier applications of the clients at this lender: what was asked for, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

from modelling.demo_data.constants import constants, frequencies, frequency_table, grid
from modelling.demo_data.counts import rows_per_client
from modelling.demo_data.draws import Flags, Floats, Grid, Ints, Stream, Words, grid_given, pick, steps_within
from modelling.demo_data.people import FIRST_CLIENT_ID, People

FIRST_PREVIOUS_ID = 1_000_000
MOST_PREVIOUS = 64
WITHOUT_PREVIOUS_SHARE = 1 - 338_857 / 356_255
# Contracts that have balances but no application: 3.4 % of POS rows; on cards 32.6 %, all of them old.
UNKNOWN_POS_PER_CLIENT = 0.088
UNKNOWN_CARDS_PER_CLIENT = 0.037
OLDEST_DAY = -2_922
# How strongly behaviour moves the share of refused applications.
REFUSAL_SLOPE = 0.45


@dataclass(frozen=True)
class Asked:
    """Applications, one entry a row, with those that previous_application lacks (is_known false).

    kind, status: NAME_CONTRACT_TYPE, NAME_CONTRACT_STATUS; combination: both as 'kind|status'.
    decided: days before the application of today, negative; goods: the amount asked for, 0 if none was named.
    months: instalments agreed, 0 for cards; behaviour: the owner's.
    """

    previous_id: Ints
    owner: Ints
    is_known: Flags
    combination: Words
    kind: Words
    status: Words
    decided: Floats
    goods: Floats
    months: Floats
    behaviour: Floats

    @property
    def count(self) -> int:
        """Give the number of applications."""
        return len(self.previous_id)


def draw_asked(people: People, behaviour: Floats, random: np.random.Generator) -> Asked:
    """Draw who asked for what, when, and what came of it."""
    known, pos, cards = _counts(people, random)
    owner = np.concatenate([np.repeat(np.arange(people.count), counts) for counts in (known, pos, cards)])
    order_within = np.concatenate(
        [steps_within(known), steps_within(pos) + MOST_PREVIOUS - 4, steps_within(cards) + MOST_PREVIOUS - 2]
    )
    combination = _combinations(known, pos, cards, behaviour[owner], random)
    kind, status = _split(combination, 0), _split(combination, 1)
    size = len(owner)
    is_known = np.arange(size) < known.sum()
    return Asked(
        previous_id=FIRST_PREVIOUS_ID + (people.client_id[owner] - FIRST_CLIENT_ID) * MOST_PREVIOUS + order_within,
        owner=owner,
        is_known=is_known,
        combination=combination,
        kind=kind,
        status=status,
        decided=_decided(kind, is_known, random),
        goods=_goods(people, owner, kind, status, random),
        months=_months(kind, random),
        behaviour=behaviour[owner],
    )


def _counts(people: People, random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    has_any = random.random(people.count) >= WITHOUT_PREVIOUS_SHARE
    known = np.minimum(rows_per_client("previous_application", people.is_labelled, has_any, random), MOST_PREVIOUS - 5)
    pos = np.minimum(random.poisson(UNKNOWN_POS_PER_CLIENT, people.count), 2)
    cards = (random.random(people.count) < UNKNOWN_CARDS_PER_CLIENT).astype(np.int64)
    return known, pos.astype(np.int64), cards


def _combinations(known: Ints, pos: Ints, cards: Ints, behaviour: Floats, random: np.random.Generator) -> Words:
    """Draw contract type and outcome together; clients who pay badly are refused more often."""
    shares = frequencies("previous_application", "combination")
    levels = tuple(shares)
    refused = np.asarray(["|Refused" in level for level in levels])
    weights = np.asarray(list(shares.values())) * np.exp(-REFUSAL_SLOPE * behaviour[:, None] * refused)
    edges = np.cumsum(weights, axis=1)
    ranks = random.random(len(behaviour)) * edges[:, -1]
    codes = (ranks[:, None] >= edges[:, :-1]).sum(axis=1)
    first_pos, first_card = known.sum(), known.sum() + pos.sum()
    codes[first_pos:first_card] = levels.index("Consumer loans|Approved")
    codes[first_card:] = levels.index("Revolving loans|Approved")
    return Words(codes.astype(np.int64), levels)


def _split(combination: Words, place: int) -> Words:
    parts = [level.split("|")[place] for level in combination.levels]
    levels = tuple(dict.fromkeys(parts))
    return Words(np.asarray([levels.index(part) for part in parts])[combination.codes], levels)


@cache
def by_kind(name: str) -> dict[str, Grid]:
    """Give one quantile grid a contract type."""
    return {kind: grid("previous_application", name, kind) for kind in constants()["previous_application"][name]}


def _decided(kind: Words, is_known: Flags, random: np.random.Generator) -> Floats:
    days = np.round(grid_given(by_kind("days_decision"), kind, random.random(len(is_known))))
    is_old_card = ~is_known & kind.is_in("Revolving loans")
    return np.where(is_old_card, OLDEST_DAY, np.clip(days, OLDEST_DAY, -2))


def _goods(people: People, owner: Ints, kind: Words, status: Words, random: np.random.Generator) -> Floats:
    latent = 0.4 * people.latent["AMT_CREDIT"][owner] + 0.917 * random.standard_normal(len(owner))
    drawn = grid_given(by_kind("goods"), kind, ndtr(latent))
    step = np.where(kind.is_in("Consumer loans"), 4.5, 22_500.0)
    amounts = np.maximum(np.round(drawn / step), 1) * step
    unnamed = status.is_in("Canceled") & (random.random(len(owner)) < 0.97)
    return np.where(unnamed, 0.0, amounts)


def _months(kind: Words, random: np.random.Generator) -> Floats:
    months = np.zeros(len(kind.codes))
    for name, shares in frequency_table("previous_application", "instalments").items():
        rows = kind.is_in(name)
        words = pick(shares, random.random(int(rows.sum())))
        months[rows] = words.valued({level: float(level) for level in words.levels})
    return months
