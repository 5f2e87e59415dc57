"""Which features can be a reason: what an advisor can say aloud, and a client recognise, check or act upon.

The others count in the probability and stand among its contributions. Where they tell of a fact that another feature
can say, that one speaks for them.
"""

from __future__ import annotations

import re

from modelling.features.application_housing import MEASURES, STATISTICS
from modelling.features.feature import Feature

# When somebody came in says nothing of him; what the numbered papers are, and which currencies, was never published.
_SILENT_COLUMNS = frozenset({"weekday_appr_process_start", "hour_appr_process_start", "credit_currency"})
_NUMBERED_PAPER = re.compile(r"flag_document_\d+")
# Arithmetic that means nothing in a conversation: how far values scatter, scores multiplied or weighed.
_ARITHMETIC = re.compile(r".*_std|ext_source_(product|weighted_mean|\d_times_\d)")
# What others are like, or came to, is no fact about this client.
_OF_OTHERS = re.compile(r"neighbours_default_share|similar_loans_(?!.*default_share).*")
# Measures of the client's building come on a scale that was never published.
_OF_THE_BUILDING = re.compile(rf"({'|'.join(MEASURES)}|totalarea)_({'|'.join(STATISTICS)})")
_SILENT_NAMES = (_NUMBERED_PAPER, _ARITHMETIC, _OF_OTHERS, _OF_THE_BUILDING)


def is_sayable(feature: Feature) -> bool:
    """Tell whether a feature can be the reason given for an advice."""
    if feature.lesson is None and _SILENT_COLUMNS.intersection(feature.columns):
        return False
    return not any(silent.fullmatch(feature.name) for silent in _SILENT_NAMES)
