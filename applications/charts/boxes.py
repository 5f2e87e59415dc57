"""How a number lies in several groups: a box each, from the 5th to the 95th percentile, with the client's own value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from django.utils.translation import gettext

from applications.charts.variables import Variable, source_words
from applications.selectors.population import Population, Value
from modelling.conditions import Mask
from modelling.summaries import Summary, summarise


@dataclass(frozen=True)
class Box:
    """One group. quantiles: the 5th, 25th, 50th, 75th and 95th percentile; None when too few have a value to tell."""

    label: str
    clients: int
    quantiles: tuple[float, ...] | None
    mean: float | None
    texts: tuple[str, ...]
    is_client: bool = False


@dataclass(frozen=True)
class Boxes:
    """The figure. client: his value on the axis; None when it is missing."""

    title: str
    axis: str
    unit: str
    source: str
    n: int
    boxes: tuple[Box, ...]
    client: float | None
    client_text: str

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)


def boxes_by_outcome(population: Population, mask: Mask, variable: Variable, own: Value, *, least: int) -> Boxes:
    """Return a number among those who repaid and those who defaulted. least: clients a box needs to be told."""
    values, outcomes = population.columns.column(variable.name)[mask], population.columns.outcomes[mask]
    labels = (gettext("Repaid"), gettext("Defaulted"))
    found = [summarise(values[outcomes == outcome]) for outcome in (0, 1)]
    title = gettext("%(feature)s by what became of the loan") % {"feature": variable.label}
    boxes = [box_of(label, summary, variable, least=least) for label, summary in zip(labels, found, strict=True)]
    return figure_of(population, variable, own, title=title, boxes=boxes)


def figure_of(population: Population, variable: Variable, own: Value, *, title: str, boxes: Sequence[Box]) -> Boxes:
    """Return boxes as a figure."""
    code = population.columns.code(variable.name, own)
    return Boxes(
        title=title,
        axis=variable.axis,
        unit=variable.unit,
        source=source_words(population),
        n=sum(box.clients for box in boxes),
        boxes=tuple(boxes),
        client=None if np.isnan(code) else code,
        client_text=variable.write(own),
    )


def box_of(label: str, summary: Summary, variable: Variable, *, least: int, is_client: bool = False) -> Box:
    """Return one box; of fewer than `least` clients it tells their number alone."""
    known = summary.clients - summary.missing
    if summary.quantiles is None or known < least:
        return Box(label, known, None, None, (), is_client)
    low, first, middle, third, high = (variable.write_figure(each) for each in summary.quantiles)
    texts = (low, first, middle, third, high, variable.write_figure(summary.mean))
    return Box(label, known, summary.quantiles, summary.mean, texts, is_client)
