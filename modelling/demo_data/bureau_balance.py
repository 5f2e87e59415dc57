"""Monthly states of the bureau credits: 0 on time, 1 to 5 overdue by months, C closed, X unknown."""

from __future__ import annotations

import numpy as np

from modelling.demo_data.bureau import Credits
from modelling.demo_data.constants import frequencies
from modelling.demo_data.draws import Flags, Floats, Ints, Stream, Words, logistic, steps_within
from modelling.demo_data.people import People
from modelling.demo_data.person import Columns

DAYS_A_MONTH = 30.4375
OLDEST_MONTH = -96
STATES = ("0", "1", "2", "3", "4", "5", "C", "X")
CLOSED, UNKNOWN = STATES.index("C"), STATES.index("X")
REPORTED_TO_THE_END_SHARE = 0.80
SILENT_CREDIT_SHARE = 0.28
SILENT_MONTH_SHARE = 0.1


def draw_bureau_balance(people: People, lines: Credits) -> Columns:
    """Give the monthly rows of the credits the bureau reports month by month."""
    random = people.stream(Stream.BUREAU_BALANCE)
    reported = np.flatnonzero(_is_reported(people, lines, random))
    first = np.maximum(np.ceil(lines.opened[reported] / DAYS_A_MONTH), OLDEST_MONTH).astype(np.int64)
    closing = _closing_month(lines, reported)
    to_the_end = lines.is_open[reported] | (random.random(len(reported)) < REPORTED_TO_THE_END_SHARE)
    last = np.where(to_the_end, 0, closing)
    counts = np.maximum(last - first, 0) + 1
    row = np.repeat(np.arange(len(reported)), counts)
    month = first[row] + steps_within(counts)
    return {
        "SK_ID_BUREAU": lines.credit_id[reported][row],
        "MONTHS_BALANCE": month,
        "STATUS": _states(lines.behaviour[reported], row, month, closing, random),
    }


def _is_reported(people: People, lines: Credits, random: np.random.Generator) -> Flags:
    """Choose the clients, then nearly all their credits: the bureau reports a client by month or not at all."""
    shares = frequencies("bureau", "balance_share")
    wanted = np.where(people.is_labelled, shares["labelled"], shares["unlabelled"])
    client_rank = random.random(people.count)
    credit_rank = random.random(lines.count)
    by_client = client_rank[lines.owner] < wanted[lines.owner]
    swapped = credit_rank < 0.1
    return np.where(swapped, random.random(lines.count) < wanted[lines.owner], by_client)


def _closing_month(lines: Credits, reported: Ints) -> Ints:
    month = np.ceil(lines.closes[reported] / DAYS_A_MONTH)
    return np.where(lines.is_open[reported], 1, np.maximum(month, OLDEST_MONTH)).astype(np.int64)


def _states(behaviour: Floats, row: Ints, month: Ints, closing: Ints, random: np.random.Generator) -> Words:
    count = len(behaviour)
    silent = random.random(count) < SILENT_CREDIT_SHARE
    late_rate = 0.022 * np.exp(-0.75 * behaviour - 0.28)
    arrears_start = _arrears_start(behaviour, closing, random)
    luck = random.random(len(row))
    codes = np.where(luck < late_rate[row], 1, 0)
    codes = np.where(luck > 1 - SILENT_MONTH_SHARE, UNKNOWN, codes)
    codes = np.where(silent[row] & (codes == 0), UNKNOWN, codes)
    depth = month - arrears_start[row] + 1
    codes = np.where(depth > 0, np.minimum(depth, 5), codes)
    codes = np.where(month >= closing[row], CLOSED, codes)
    return Words(codes, STATES)


def _arrears_start(behaviour: Floats, closing: Ints, random: np.random.Generator) -> Ints:
    """Give the month a credit stops being paid for good; after the application for nearly all."""
    broken = random.random(len(behaviour)) < logistic(-4.9 - 1.1 * behaviour)
    end = np.minimum(closing, 0)
    start = end - np.ceil(random.exponential(8.0, len(behaviour))).astype(np.int64)
    return np.where(broken, start, 10_000)
