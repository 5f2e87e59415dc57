"""What others say of the client: external scores, enquiries at the bureau, the social circle."""

from __future__ import annotations

import numpy as np

from modelling.demo_data.constants import frequencies
from modelling.demo_data.draws import Floats, Stream, pick_number
from modelling.demo_data.people import People
from modelling.demo_data.person import Columns

ENQUIRY_WINDOWS = ("HOUR", "DAY", "WEEK", "MON", "QRT")
# Shares of missing values with and without a credit at the bureau, from clients whose history is complete.
SCORE_3_MISSING = {True: 0.0645, False: 0.977}
SCORE_1_MISSING = {True: 0.552, False: 0.629}
ENQUIRIES_MISSING_WITHOUT_BUREAU = 0.954
# A default of the circle within 60 days is one within 30 days that lasted: seven in ten.
LASTING_DEFAULT_SHARE = 0.7


def draw_surroundings(people: People) -> Columns:
    """Give the columns that come from elsewhere; their gaps follow from having no credit at the bureau."""
    random = people.stream(Stream.SURROUNDINGS)
    return _external_scores(people, random) | _enquiries(people, random) | _social_circle(people, random)


def _external_scores(people: People, random: np.random.Generator) -> Columns:
    missing = {
        "EXT_SOURCE_1": np.where(people.has_bureau, SCORE_1_MISSING[True], SCORE_1_MISSING[False]),
        "EXT_SOURCE_2": np.full(people.count, frequencies("application", "missing")["EXT_SOURCE_2"]),
        "EXT_SOURCE_3": np.where(people.has_bureau, SCORE_3_MISSING[True], SCORE_3_MISSING[False]),
    }
    return {
        name: np.where(random.random(people.count) < rate, np.nan, np.round(people.value(name), 8))
        for name, rate in missing.items()
    }


def _enquiries(people: People, random: np.random.Generator) -> Columns:
    unknown = ~people.has_bureau & (random.random(people.count) < ENQUIRIES_MISSING_WITHOUT_BUREAU)
    counts: dict[str, Floats] = {"AMT_REQ_CREDIT_BUREAU_YEAR": people.level("AMT_REQ_CREDIT_BUREAU_YEAR")}
    for window in ENQUIRY_WINDOWS:
        name = f"AMT_REQ_CREDIT_BUREAU_{window}"
        counts[name] = pick_number(frequencies("application", "frequencies", name), random.random(people.count))
    return {name: np.where(unknown, np.nan, count) for name, count in counts.items()}


def _social_circle(people: People, random: np.random.Generator) -> Columns:
    seen = np.round(people.value("OBS_30_CNT_SOCIAL_CIRCLE"))
    defaults = people.level("DEF_30_CNT_SOCIAL_CIRCLE")
    seen = np.maximum(seen, defaults)
    lasting = random.binomial(defaults.astype(np.int64), LASTING_DEFAULT_SHARE).astype(float)
    seen_60 = np.maximum(seen - (random.random(people.count) < 0.01), lasting)
    unknown = random.random(people.count) < frequencies("application", "missing")["OBS_30_CNT_SOCIAL_CIRCLE"]
    counts = {
        "OBS_30_CNT_SOCIAL_CIRCLE": seen,
        "DEF_30_CNT_SOCIAL_CIRCLE": defaults,
        "OBS_60_CNT_SOCIAL_CIRCLE": seen_60,
        "DEF_60_CNT_SOCIAL_CIRCLE": lasting,
    }
    return {name: np.where(unknown, np.nan, count) for name, count in counts.items()}
