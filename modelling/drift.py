"""How far a population has moved from the one a model version was trained on: feature by feature, and in its scores.

The population stability index compares shares bin by bin; a missing value is a bin of its own, so that a table that is
suddenly filled, or empty, shows. From 0.10 we call it moderate, from 0.25 strong (Siddiqi 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from modelling.encoding import Encoding
from modelling.errors import DriftError
from modelling.population import HISTOGRAM_BINS, HISTOGRAM_TOP

Floats = NDArray[np.float64]
MODERATE, STRONG = 0.10, 0.25
LEAST_SHARE = 1e-4  # an empty bin counts as this share, or its logarithm would be infinite
QUANTILE_BINS = 10
MOST_LEVELS = 12  # of a category; the rarer ones are one bin


class Method(StrEnum):
    """How the two samples are compared, beside the index."""

    KS = "ks"  # Kolmogorov-Smirnov, of numbers
    CHI2 = "chi2"  # Pearson's, of categories


@dataclass(frozen=True)
class Shift:
    """How far one feature moved.

    statistic: Kolmogorov-Smirnov's D, or Cramér's V of χ²; both from 0 to 1, as size does not grow with the sample.
    unseen_share: of the clients now, those with a word training never saw, or a number outside all it saw.
    edges: of the bins of a number, rising; levels: the words of a category's bins. then, now: share of each bin, the
    values that are missing last.
    """

    feature: str
    psi: float
    method: Method
    statistic: float
    p_value: float
    missing_then: float
    missing_now: float
    unseen_share: float
    edges: tuple[float, ...]
    levels: tuple[str, ...]
    then: tuple[float, ...]
    now: tuple[float, ...]


def stability_index(expected: Sequence[float] | Floats, actual: Sequence[float] | Floats) -> float:
    """Give the population stability index.

    expected, actual: shares a bin, same bins, each summing to 1; an empty bin counts as 1e-4.
    0 for equal shares, unbounded above. Raises DriftError when the bins differ.
    """
    if len(expected) != len(actual):
        raise DriftError(f"Shares of the same bins are compared; came {len(expected)} and {len(actual)}.")
    then, now = np.maximum(expected, LEAST_SHARE), np.maximum(actual, LEAST_SHARE)
    return float(np.sum((now - then) * np.log(now / then)))


def shifts(then: pl.DataFrame, now: pl.DataFrame, encoding: Encoding) -> list[Shift]:
    """Compare each feature of the encoding in two frames of clients, the most moved first.

    then: of training; now: of today, one row a client each. Raises DriftError when either has no client.
    """
    if not (then.height and now.height):
        raise DriftError(
            f"Two populations are compared; came {then.height} clients of training and {now.height} of now."
        )
    found = [_shift(then[name], now[name], encoding.levels.get(name)) for name in encoding.features]
    return sorted(found, key=lambda shift: (-shift.psi, shift.feature))


def score_index(histogram: Sequence[int], probability: Floats) -> float:
    """Give the stability index of the score: probabilities now against a bundle's histogram of unseen clients.

    The histogram's bins are joined to QUANTILE_BINS of about equal numbers, as narrow ones would be noise.
    """
    expected = np.asarray(histogram, dtype=np.float64)
    edges = np.append(np.linspace(0.0, HISTOGRAM_TOP, HISTOGRAM_BINS + 1), np.inf)
    actual = np.histogram(probability, edges)[0].astype(np.float64)
    group = np.minimum((np.cumsum(expected) - expected / 2) * QUANTILE_BINS / expected.sum(), QUANTILE_BINS - 1)
    joined = [np.bincount(group.astype(np.intp), counts, QUANTILE_BINS) for counts in (expected, actual)]
    return stability_index(joined[0] / expected.sum(), joined[1] / max(actual.sum(), 1))


def expected_auc(probability: Floats) -> float:
    """Give the AUC to expect while the probabilities are calibrated, before any outcome is known; NaN for nobody.

    Each client counts as a default with his probability and as a repayment with the rest.
    """
    order = np.argsort(probability, kind="stable")
    defaults = probability[order]
    repaid = 1 - defaults
    # A pair counts once in either direction but never with itself; ties count half, and stand next to each other.
    below = np.cumsum(repaid) - repaid
    starts = np.flatnonzero(np.append(True, np.diff(defaults) > 0)) if len(defaults) else np.empty(0, dtype=np.intp)
    tied = np.add.reduceat(repaid, starts) if len(starts) else np.empty(0)
    sizes = np.diff(np.append(starts, len(defaults)))
    half = np.repeat(below[starts] + tied / 2, sizes) if len(starts) else np.empty(0)
    pairs = defaults.sum() * repaid.sum()
    return float((defaults * half).sum() / pairs) if pairs else float("nan")


def _shift(then: pl.Series, now: pl.Series, levels: tuple[str, ...] | None) -> Shift:
    return _number_shift(then, now) if levels is None else _category_shift(then, now, levels)


def _number_shift(then: pl.Series, now: pl.Series) -> Shift:
    before, after = _present(then), _present(now)
    edges = _edges(before)
    shares = [_shares(part, edges, whole.len()) for part, whole in ((before, then), (after, now))]
    statistic, p_value = _kolmogorov_smirnov(before, after)
    outside = int(np.sum((after < before.min()) | (after > before.max()))) if len(before) else len(after)
    return Shift(
        feature=then.name,
        psi=stability_index(*shares),
        method=Method.KS,
        statistic=statistic,
        p_value=p_value,
        missing_then=1 - len(before) / then.len(),
        missing_now=1 - len(after) / now.len(),
        unseen_share=outside / now.len(),
        edges=tuple(edges.tolist()),
        levels=(),
        then=tuple(shares[0].tolist()),
        now=tuple(shares[1].tolist()),
    )


def _category_shift(then: pl.Series, now: pl.Series, levels: tuple[str, ...]) -> Shift:
    """Compare words; `levels` come the most frequent first, those beyond MOST_LEVELS and the unseen are one bin."""
    kept = list(levels[:MOST_LEVELS])
    counts = [_level_counts(series, kept) for series in (then, now)]
    shares = [count / count.sum() for count in counts]
    statistic, p_value = _chi_squared(np.stack(counts))
    return Shift(
        feature=then.name,
        psi=stability_index(*shares),
        method=Method.CHI2,
        statistic=statistic,
        p_value=p_value,
        missing_then=then.null_count() / then.len(),
        missing_now=now.null_count() / now.len(),
        unseen_share=float((~now.drop_nulls().is_in(list(levels))).sum()) / now.len(),
        edges=(),
        levels=(*kept, ""),
        then=tuple(shares[0].tolist()),
        now=tuple(shares[1].tolist()),
    )


def _present(series: pl.Series) -> Floats:
    values = series.cast(pl.Float64).drop_nulls().to_numpy()
    return np.asarray(values[np.isfinite(values)])


def _edges(before: Floats) -> Floats:
    """Cut a number into about QUANTILE_BINS bins of equal numbers of training clients; few where few numbers differ."""
    if not len(before):
        return np.empty(0)
    inner = np.quantile(before, np.linspace(0, 1, QUANTILE_BINS + 1)[1:-1], method="higher")
    return np.asarray(np.unique(inner[inner > before.min()]), dtype=np.float64)


def _shares(values: Floats, edges: Floats, clients: int) -> Floats:
    """Give the share of clients in each bin, and of those without a value last."""
    places = np.searchsorted(edges, values, side="right")
    counts = np.append(np.bincount(places, minlength=len(edges) + 1), clients - len(values))
    return np.asarray(counts / clients, dtype=np.float64)


def _level_counts(series: pl.Series, kept: Sequence[str]) -> Floats:
    found = dict(series.drop_nulls().value_counts(name="clients").iter_rows())
    counts = [found.get(level, 0) for level in kept]
    other = series.len() - series.null_count() - sum(counts)
    return np.array([*counts, other, series.null_count()], dtype=np.float64)


def _kolmogorov_smirnov(before: Floats, after: Floats) -> tuple[float, float]:
    # One client on each side tells nothing, and scipy has no distribution for that.
    if len(before) * len(after) < 2:
        return 0.0, 1.0
    found = stats.ks_2samp(before, after, method="asymp")
    return float(found.statistic), float(found.pvalue)


def _chi_squared(counts: Floats) -> tuple[float, float]:
    """Give Cramér's V and the p-value of Pearson's χ² over the bins that anybody is in."""
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        return 0.0, 1.0
    found = stats.chi2_contingency(counts)
    return float(np.sqrt(found.statistic / counts.sum())), float(found.pvalue)
