"""How a feature lies over a group, as bars, with the client's own place and the average."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from django.utils.translation import gettext

from applications.charts.variables import Variable, share_words, source_words
from applications.selectors.population import Population, Value
from applications.templatetags.scoring_format import number
from modelling.columns import NOT_KNOWN
from modelling.conditions import Mask
from modelling.summaries import Bars, bars_between, bars_of, count_levels, most_frequent, summarise

MOST_LEVELS = 12


@dataclass(frozen=True)
class Bar:
    """One bar. defaults: the share of defaults among its clients whose outcome is known, in words."""

    label: str
    clients: int
    share: float
    share_text: str
    defaults: str
    is_client: bool


@dataclass(frozen=True)
class Distribution:
    """The figure. ticks: the bounds between bars in words, one more than bars; none when each bar is one value.

    client, mean: places on an axis that counts bars, bar n reaching from n to n + 1; None when there is none.
    missing: clients of the group without a value, who stand in no bar.
    """

    title: str
    x_title: str
    y_title: str
    source: str
    n: int
    missing: int
    bars: tuple[Bar, ...]
    ticks: tuple[str, ...]
    client: float | None
    client_text: str
    mean: float | None
    mean_text: str

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)

    @property
    def has_client(self) -> bool:
        """Tell whether a bar is the client's."""
        return any(bar.is_client for bar in self.bars)


def distribution(population: Population, mask: Mask, variable: Variable, own: Value) -> Distribution:
    """Return the bars of a feature over the clients in `mask`. own: the client's value."""
    values, outcomes = population.columns.column(variable.name)[mask], population.columns.outcomes[mask]
    code = population.columns.code(variable.name, own)
    if variable.levels is None:
        return _of_number(population, variable, (values, outcomes), code)
    return _of_category(population, variable, (values, outcomes), code)


_Known = tuple[np.ndarray, np.ndarray]  # values and outcomes of the group


def _of_number(population: Population, variable: Variable, group: _Known, own: float) -> Distribution:
    values, outcomes = group
    summary, bars = summarise(values), bars_of(values)
    place = bars.place(own) if bars.counts else None
    rows = list(_rows(_labels(bars, variable), bars.counts, _by_outcome(bars, values, outcomes), place))
    return _figure(
        population,
        variable,
        rows,
        n=summary.clients,
        missing=summary.missing,
        ticks=() if bars.are_values else tuple(variable.tick(edge) for edge in bars.edges),
        client=_on_axis(bars, own),
        client_text=variable.write(None if np.isnan(own) else own),
        mean=_on_axis(bars, summary.mean) if summary.mean is not None else None,
        mean_text=variable.write_figure(summary.mean),
    )


def _of_category(population: Population, variable: Variable, group: _Known, own: float) -> Distribution:
    values, outcomes = group
    levels = variable.levels or ()
    counts = count_levels(values, len(levels))
    shown = list(most_frequent(counts[:-1], MOST_LEVELS))
    if not np.isnan(own) and int(own) not in shown:
        shown = [*shown[: MOST_LEVELS - 1], int(own)]
    split = [count_levels(values[outcomes == outcome], len(levels)) for outcome in (0, 1)]
    repaid_defaulted = tuple([each[code] for code in shown] for each in split)
    place = None if np.isnan(own) else shown.index(int(own))
    labels = [variable.write(levels[code]) for code in shown]
    rows = list(_rows(labels, [counts[code] for code in shown], repaid_defaulted, place))
    return _figure(
        population,
        variable,
        rows,
        n=len(values),
        missing=counts[-1],
        ticks=(),
        client=None if place is None else place + 0.5,
        client_text=variable.write(None if np.isnan(own) else levels[int(own)]),
        mean=None,
        mean_text="",
    )


def _figure(population: Population, variable: Variable, rows: Sequence[Bar], **rest: Any) -> Distribution:
    return Distribution(
        title=gettext("%(feature)s: the client among the others") % {"feature": variable.label},
        x_title=variable.axis,
        y_title=gettext("share of the clients"),
        source=source_words(population),
        bars=tuple(rows),
        **rest,
    )


def _rows(
    labels: Sequence[str], counts: Sequence[int], by_outcome: tuple[Sequence[int], ...], own: int | None
) -> Iterator[Bar]:
    whole = sum(counts)
    repaid, defaulted = by_outcome
    for place, (label, clients) in enumerate(zip(labels, counts, strict=True)):
        known = repaid[place] + defaulted[place]
        yield Bar(
            label=label,
            clients=clients,
            share=clients / whole if whole else 0.0,
            share_text=share_words(clients, whole),
            defaults=share_words(defaulted[place], known),
            is_client=place == own,
        )


def _by_outcome(bars: Bars, values: np.ndarray, outcomes: np.ndarray) -> tuple[Sequence[int], ...]:
    """Count the clients of each bar who repaid, and who defaulted."""
    if not bars.counts:
        return (), ()
    if bars.are_values:
        return tuple([int(((values == each) & (outcomes == o)).sum()) for each in bars.edges] for o in (0, 1))
    known = outcomes != NOT_KNOWN
    edges = np.array(bars.edges)
    return tuple(bars_between(values[known & (outcomes == outcome)], edges).counts for outcome in (0, 1))


def _labels(bars: Bars, variable: Variable) -> list[str]:
    if bars.are_values:
        return [variable.tick(value) for value in bars.edges]
    bounds = [variable.tick(edge) for edge in bars.edges]
    inner = [f"{low} – {high}" for low, high in pairwise(bounds)]
    first = gettext("below %(bound)s") % {"bound": bounds[1]}
    return [first, *inner[1:-1], gettext("%(bound)s and more") % {"bound": bounds[-2]}]


def _on_axis(bars: Bars, value: float) -> float | None:
    """Give where a value stands on an axis that counts bars."""
    if not bars.counts or np.isnan(value):
        return None
    if bars.are_values:
        return float(np.interp(value, bars.edges, np.arange(len(bars.edges)) + 0.5))
    low, high = bars.edges[0], bars.edges[-1]
    return float(np.clip((value - low) / (high - low), 0, 1) * len(bars.counts))


def size_words(figure: Distribution) -> str:
    """Say of how many clients a figure is, and how many of them have no value."""
    told = gettext("%(n)s clients") % {"n": number(figure.n)}
    if not figure.missing:
        return told
    return gettext("%(clients)s, %(missing)s without a value") % {"clients": told, "missing": number(figure.missing)}
