"""Earlier applications of the clients at this lender: what was asked for, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr

from modelling.demo_data.constants import constants, frequencies, frequency_table, grid
from modelling.demo_data.counts import rows_per_client
from modelling.demo_data.draws import Flags, Floats, Grid, Ints, Words, grid_given, pick_number, steps_within
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
CANCELLED_EMPTY_SHARE = 0.97
# Shares of applications that name no amount, by 'type|status'.
UNNAMED_SHARE = {
    "Revolving loans|Approved": 0.383, "Revolving loans|Refused": 0.217, "Cash loans|Refused": 0.159,
}  # fmt: skip
# Latent correlation of the sum with the number of instalments.
SIZE_TERM_LINK = 0.75


@dataclass(frozen=True)
class Asked:
    """Applications, one entry a row, with those that previous_application lacks (is_known false).

    kind, status: NAME_CONTRACT_TYPE, NAME_CONTRACT_STATUS; combination: both as 'kind|status'.
    decided: days before the application of today, negative; amount: the limit or sum in question, 0 for most that were
    cancelled; goods: the amount named when asking, 0 if none was.
    months: instalments agreed, 0 for cards; behaviour: the owner's.
    """

    previous_id: Ints
    owner: Ints
    is_known: Flags
    combination: Words
    kind: Words
    status: Words
    decided: Floats
    amount: Floats
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
    combination = _combinations(int(known.sum()), int(pos.sum()), behaviour[owner], random)
    kind, status = _split(combination, 0), _split(combination, 1)
    size = len(owner)
    is_known = np.arange(size) < known.sum()
    wish = 0.4 * people.latent["AMT_CREDIT"][owner] + 0.917 * random.standard_normal(size)
    is_empty = status.is_in("Canceled") & (random.random(size) < CANCELLED_EMPTY_SHARE)
    amount = np.where(is_empty, 0.0, _amount(kind, wish))
    return Asked(
        previous_id=FIRST_PREVIOUS_ID + (people.client_id[owner] - FIRST_CLIENT_ID) * MOST_PREVIOUS + order_within,
        owner=owner,
        is_known=is_known,
        combination=combination,
        kind=kind,
        status=status,
        decided=_decided(combination, kind, is_known, random),
        amount=amount,
        goods=np.where(_is_unnamed(combination, random), 0.0, amount),
        months=_months(combination, wish, random),
        behaviour=behaviour[owner],
    )


def _counts(people: People, random: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    has_any = random.random(people.count) >= WITHOUT_PREVIOUS_SHARE
    known = np.minimum(rows_per_client("previous_application", people.is_labelled, has_any, random), MOST_PREVIOUS - 5)
    pos = np.minimum(random.poisson(UNKNOWN_POS_PER_CLIENT, people.count), 2)
    cards = (random.random(people.count) < UNKNOWN_CARDS_PER_CLIENT).astype(np.int64)
    return known, pos.astype(np.int64), cards


def _combinations(known: int, pos: int, behaviour: Floats, random: np.random.Generator) -> Words:
    """Draw contract type and outcome together; clients who pay badly are refused more often.

    known, pos: how many rows are applications, how many after them are loans without one; the rest are such cards.
    """
    shares = frequencies("previous_application", "combination")
    levels = tuple(shares)
    refused = np.asarray(["|Refused" in level for level in levels])
    weights = np.asarray(list(shares.values())) * np.exp(-REFUSAL_SLOPE * behaviour[:, None] * refused)
    edges = np.cumsum(weights, axis=1)
    ranks = random.random(len(behaviour)) * edges[:, -1]
    codes = (ranks[:, None] >= edges[:, :-1]).sum(axis=1)
    codes[known : known + pos] = levels.index("Consumer loans|Approved")
    codes[known + pos :] = levels.index("Revolving loans|Approved")
    return Words(codes.astype(np.int64), levels)


def _split(combination: Words, place: int) -> Words:
    parts = [level.split("|")[place] for level in combination.levels]
    levels = tuple(dict.fromkeys(parts))
    return Words(np.asarray([levels.index(part) for part in parts])[combination.codes], levels)


@cache
def by_kind(name: str) -> dict[str, Grid]:
    """Give one quantile grid a contract type."""
    return {kind: grid("previous_application", name, kind) for kind in constants()["previous_application"][name]}


def _decided(combination: Words, kind: Words, is_known: Flags, random: np.random.Generator) -> Floats:
    days = np.round(grid_given(by_kind("days_decision"), _with_grid(combination), random.random(len(is_known))))
    is_old_card = ~is_known & kind.is_in("Revolving loans")
    return np.where(is_old_card, OLDEST_DAY, np.clip(days, OLDEST_DAY, -2))


def _with_grid(combination: Words) -> Words:
    """Stand in the contract type alone where a rare combination has no quantiles of its own."""
    known = by_kind("days_decision")
    levels = tuple(level if level in known else level.partition("|")[0] for level in combination.levels)
    return Words(combination.codes, levels)


def _amount(kind: Words, wish: Floats) -> Floats:
    drawn = grid_given(by_kind("goods"), kind, ndtr(wish))
    step = np.where(kind.is_in("Consumer loans"), 4.5, 22_500.0)
    return np.maximum(np.round(drawn / step), 1) * step


def _is_unnamed(combination: Words, random: np.random.Generator) -> Flags:
    return random.random(len(combination.codes)) < combination.valued(UNNAMED_SHARE)


def _months(combination: Words, wish: Floats, random: np.random.Generator) -> Floats:
    """Draw the instalments agreed: the larger the sum, the more of them; none on cards."""
    months = np.zeros(len(wish))
    ranks = ndtr(SIZE_TERM_LINK * wish + np.sqrt(1 - SIZE_TERM_LINK**2) * random.standard_normal(len(wish)))
    tables = frequency_table("previous_application", "instalments")
    for code, level in enumerate(combination.levels):
        shares = tables.get(level) or tables.get(f"{level.partition('|')[0]}|Approved")
        if shares:
            rows = combination.codes == code
            months[rows] = pick_number(shares, ranks[rows])
    return months
