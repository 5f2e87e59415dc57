"""The contributions as a waterfall: from the base, step by step, to the client's log-odds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import exp

from django.utils.translation import gettext, ngettext

from applications.charts.reading import Reading
from applications.templatetags.scoring_format import number, percent, signed
from applications.templatetags.scoring_words import quantity


@dataclass(frozen=True)
class Step:
    """One step, from one log-odds to the next. kind: base, factor, folded, rest or total.

    probability: what `end` is worth. The texts are the same numbers as a person reads them.
    """

    kind: str
    label: str
    value: str
    start: float
    end: float
    contribution: float
    contribution_text: str
    end_text: str
    probability_text: str


@dataclass(frozen=True)
class Waterfall:
    """The figure. unit: of start and end. n: how many features the steps stand for."""

    title: str
    unit: str
    source: str
    n: int
    raises: str
    lowers: str
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)


def waterfall(reading: Reading, *, model_number: int) -> Waterfall:
    """Return the figure of a reading; its last step is the assessment's own log-odds."""
    return Waterfall(
        title=gettext("From the average of all clients to this client"),
        unit=gettext("log-odds of default"),
        source=gettext("model version %(number)s") % {"number": model_number},
        n=reading.count,
        raises=gettext("raises the risk"),
        lowers=gettext("lowers the risk"),
        steps=_steps(reading),
    )


def _steps(reading: Reading) -> tuple[Step, ...]:
    steps = [_step("base", gettext("Base: average of all clients"), 0.0, reading.base)]
    for factor in reading.factors:
        steps.append(
            _move("factor", factor.label, steps[-1].end, factor.contribution, quantity(factor.value, factor.unit))
        )
    for kind, together, words in (("folded", reading.folded, _folded_label), ("rest", reading.rest, _rest_label)):
        if together.count:
            steps.append(_move(kind, words(together.count), steps[-1].end, together.contribution))
    steps.append(_step("total", gettext("This client"), 0.0, steps[-1].end))
    return tuple(steps)


def _rest_label(count: int) -> str:
    return ngettext("%(count)s other factor", "%(count)s other factors", count) % {"count": number(count)}


def _folded_label(count: int) -> str:
    return ngettext("%(count)s external score", "%(count)s external scores", count) % {"count": number(count)}


def _move(kind: str, label: str, start: float, contribution: float, value: str = "") -> Step:
    return _step(kind, label, start, start + contribution, value, signed(contribution))


def _step(kind: str, label: str, start: float, end: float, value: str = "", contribution_text: str = "") -> Step:
    return Step(
        kind=kind,
        label=label,
        value=value,
        start=round(start, 4),
        end=round(end, 4),
        contribution=round(end - start, 4),
        contribution_text=contribution_text,
        end_text=number(end, 2),
        probability_text=percent(1 / (1 + exp(-end))),
    )
