"""Who defaults, and the behaviour that shows it in the credit history.

The log odds of default are a weighted sum of the application's latent values (weights from the published rank
correlations with TARGET), of its categories (from the published default rates) and of the client's hidden quality.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from modelling.demo_data.constants import constants
from modelling.demo_data.draws import Floats, Stream, Words, logistic
from modelling.demo_data.people import People, normal_correlations
from modelling.demo_data.person import Columns

DEFAULT_RATE = 0.0807
# A rank correlation with a yes/no outcome of 8 % is this share of the one with the latent risk behind it:
# normal density at the threshold over the outcome's standard deviation, times the normal/rank ratio.
BINARY_ATTENUATION = 0.535
# Tuned: 8 % defaults, and an AUC of 0.76 to 0.77 of which the history brings about 0.02.
INTERCEPT = -3.12
APPLICATION_SCALE = 2.45
CATEGORY_SHARE = 0.5
QUALITY_SCALE = 0.65
NO_BUREAU_LOG_ODDS = 0.25
# Category default rates are drawn towards the mean as if this many clients more had been seen.
PRIOR_CLIENTS = 300
# How far the behaviour follows the application; the rest is hidden quality.
BEHAVIOUR_LINK = 0.45


@dataclass(frozen=True)
class Risk:
    """target: 1 for default, labelled or not; behaviour: standardised, the better the higher, drives the history."""

    target: Floats
    behaviour: Floats


def draw_risk(people: People, columns: Columns) -> Risk:
    """Draw who defaults, given the application and the hidden quality."""
    index = _application_index(people)
    categories = sum((_category_log_odds(name, columns[name]) for name in _category_columns()), np.zeros(people.count))
    log_odds = INTERCEPT + APPLICATION_SCALE * index + CATEGORY_SHARE * categories - QUALITY_SCALE * people.quality
    log_odds = log_odds + np.where(people.has_bureau, 0.0, NO_BUREAU_LOG_ODDS)
    target = people.stream(Stream.RISK).random(people.count) < logistic(log_odds)
    seen = index / _index_spread()
    behaviour = -BEHAVIOUR_LINK * seen + np.sqrt(1.0 - BEHAVIOUR_LINK**2) * people.quality
    return Risk(target.astype(float), behaviour)


def _application_index(people: People) -> Floats:
    weights = _weights()
    stacked = np.stack(list(people.latent.values()), axis=1)
    index: Floats = np.einsum("ij,j->i", stacked, weights)
    return index


@cache
def _weights() -> Floats:
    """Give the weights of the latent values: the regression of latent risk on them."""
    correlations = normal_correlations()
    ridge = 0.1 * np.eye(len(correlations) - 1)
    return np.round(np.linalg.solve(correlations[1:, 1:] + ridge, correlations[0, 1:] / BINARY_ATTENUATION), 9)


@cache
def _index_spread() -> float:
    weights = _weights()
    return float(np.sqrt(weights @ normal_correlations()[1:, 1:] @ weights))


def _category_columns() -> tuple[str, ...]:
    return tuple(constants()["application"]["target_rates"])


def _category_log_odds(name: str, words: Words) -> Floats:
    """Give how much each row's category moves the log odds of default."""
    rates = constants()["application"]["target_rates"][name]
    base = np.log(DEFAULT_RATE / (1 - DEFAULT_RATE))
    moves = {}
    for level, (rate, clients) in rates.items():
        drawn = (rate * clients + DEFAULT_RATE * PRIOR_CLIENTS) / (clients + PRIOR_CLIENTS)
        moves[level] = float(np.log(drawn / (1 - drawn)) - base)
    return words.valued(moves)
