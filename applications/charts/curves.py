"""The curves of a model version, from the figures its training kept: out of fold, a bounded number of points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext

from applications.templatetags.scoring_format import number, percent
from modelling.models import ModelVersion

TABLE_ROWS = 12
# The cost of thresholds is drawn as far as so many times the farther of the two optima.
BEYOND = 3

Point = tuple[float, float]
Report = Mapping[str, Any]
Row = TypeVar("Row")


class CurveKind(StrEnum):
    """Which curve."""

    ROC = "roc"
    PR = "pr"
    KS = "ks"
    CALIBRATION = "calibration"
    COST = "cost"


@dataclass(frozen=True)
class Line:
    """A line through points. role: main, other, or chance for what a guess or the ideal would give."""

    label: str
    role: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Mark:
    """A vertical line at a place of the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Curve:
    """The figure. are_shares: whether each axis counts in per cent. bars: (x, low, high), 95 % intervals.

    columns, rows: the same as a table, thinned to TABLE_ROWS rows.
    """

    kind: str
    title: str
    reading: str
    x_title: str
    y_title: str
    are_shares: tuple[bool, bool]
    source: str
    n: int
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    bars: tuple[tuple[float, float, float], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)


def curve(version: ModelVersion, kind: CurveKind, *, ratio: float) -> Curve | None:
    """Return one curve of a version; None when its training kept none.

    ratio: what a default costs, one of those of the report; it matters to the cost alone.
    """
    report: Report = version.report
    if "curve" not in report:
        return None
    facts = {
        "kind": kind.value,
        "source": gettext("out-of-fold predictions, model version %(number)s") % {"number": version.number},
        "n": report["clients"],
        "marks": (),
        "bars": (),
        "are_shares": (True, True),
    }
    return Curve(**{**facts, **_BUILDERS[kind](version, ratio)})


def _roc(version: ModelVersion, _ratio: float) -> dict[str, Any]:
    found = version.report["curve"]
    points = _points(found, "false_alarms", "caught")
    return {
        "title": gettext("ROC curve"),
        "reading": gettext("AUC %(value)s, 95%% interval %(low)s to %(high)s; 0.5 is chance.")
        % _figure(version, "auc"),
        "x_title": gettext("good clients refused"),
        "y_title": gettext("defaults refused"),
        "lines": (
            Line(gettext("the version"), "main", points),
            Line(gettext("chance"), "chance", ((0.0, 0.0), (1.0, 1.0))),
        ),
        "columns": (gettext("Threshold"), gettext("Good clients refused"), gettext("Defaults refused")),
        "rows": _rows(found, ("threshold", "false_alarms", "caught")),
    }


def _pr(version: ModelVersion, _ratio: float) -> dict[str, Any]:
    found, rate = version.report["curve"], _default_rate(version.report)
    words = {**_figure(version, "pr_auc"), "rate": percent(rate)}
    return {
        "title": gettext("Precision and recall"),
        "reading": gettext("PR AUC %(value)s, 95%% interval %(low)s to %(high)s; chance is the default rate, %(rate)s.")
        % words,
        "x_title": gettext("defaults refused (recall)"),
        "y_title": gettext("share of the refused who default (precision)"),
        "lines": (
            Line(gettext("the version"), "main", _points(found, "caught", "precision")),
            Line(gettext("chance"), "chance", ((0.0, rate), (1.0, rate))),
        ),
        "columns": (gettext("Threshold"), gettext("Defaults refused"), gettext("Precision")),
        "rows": _rows(found, ("threshold", "caught", "precision")),
    }


def _ks(version: ModelVersion, _ratio: float) -> dict[str, Any]:
    found = version.report["curve"]
    good = _points(found, "threshold", "false_alarms", lambda share: 1 - share)
    bad = _points(found, "threshold", "caught", lambda share: 1 - share)
    gaps = [(above - below, x) for (x, above), (_, below) in zip(good, bad, strict=True)]
    widest, place = max(gaps)
    end = next((x for x, approved in _points(found, "threshold", "approved") if approved > 0.995), 1.0)
    words = {"at": percent(place), "gap": number(widest, 3)}
    return {
        "title": gettext("Those who repaid and those who defaulted (KS)"),
        "reading": gettext("KS %(value)s, 95%% interval %(low)s to %(high)s.") % _figure(version, "ks"),
        "x_title": gettext("probability of default"),
        "y_title": gettext("share of clients below it"),
        "lines": (
            Line(gettext("repaid"), "main", tuple(point for point in good if point[0] <= end)),
            Line(gettext("defaulted"), "other", tuple(point for point in bad if point[0] <= end)),
        ),
        "marks": (Mark(place, gettext("widest gap %(gap)s at %(at)s") % words),),
        "columns": (gettext("Probability"), gettext("Repaid, below it"), gettext("Defaulted, below it")),
        "rows": _rows(
            {"threshold": [x for x, _ in good], "good": [y for _, y in good], "bad": [y for _, y in bad]},
            ("threshold", "good", "bad"),
        ),
    }


def _calibration(version: ModelVersion, _ratio: float) -> dict[str, Any]:
    grades = version.report["calibration"]["grades"]
    points = tuple((grade["predicted"], grade["observed"]) for grade in grades)
    bars = tuple((grade["predicted"], grade["observed_low"], grade["observed_high"]) for grade in grades)
    end = max(max(x, high) for x, _, high in bars)
    return {
        "title": gettext("Calibration"),
        "reading": gettext("Slope %(value)s, 95%% interval %(low)s to %(high)s; 1 is right.")
        % _figure(version, "calibration_slope"),
        "x_title": gettext("predicted probability, mean of the grade"),
        "y_title": gettext("share that defaulted"),
        "lines": (
            Line(gettext("the version"), "main", points),
            Line(gettext("as predicted"), "chance", ((0.0, 0.0), (end, end))),
        ),
        "bars": bars,
        "columns": (gettext("Predicted"), gettext("Observed"), gettext("95 % interval"), gettext("Clients")),
        "rows": tuple(
            (
                percent(grade["predicted"]),
                percent(grade["observed"]),
                f"{percent(grade['observed_low'])} – {percent(grade['observed_high'])}",
                number(grade["clients"]),
            )
            for grade in grades
        ),
    }


def _cost(version: ModelVersion, ratio: float) -> dict[str, Any]:
    report = version.report
    costs = next(each for each in report["costs"] if each["cost_ratio"] == ratio)
    best, calibrated = costs["best_on_these_rows"], costs["calibrated_threshold"]
    found = _cost_points(report, ratio, end=BEYOND * max(best["threshold"], calibrated))
    words = {
        "best": percent(best["threshold"], 2),
        "low": percent(best["low"], 2),
        "high": percent(best["high"], 2),
        "calibrated": percent(calibrated, 2),
    }
    return {
        "title": gettext("What a threshold costs, a default at %(ratio)s refused good clients")
        % {"ratio": number(ratio)},
        "reading": gettext(
            "Cheapest on these very rows at %(best)s (95%% interval %(low)s to %(high)s); calibrated probabilities "
            "have it at %(calibrated)s."
        )
        % words,
        "x_title": gettext("threshold: refused from this probability up"),
        "y_title": gettext("cost an application, in refused good clients"),
        "are_shares": (True, False),
        "lines": (Line(gettext("the version"), "main", found),),
        "marks": (
            Mark(calibrated, gettext("calibrated %(calibrated)s") % words),
            Mark(best["threshold"], gettext("cheapest here %(best)s") % words),
        ),
        "columns": (gettext("Threshold"), gettext("Cost an application")),
        "rows": tuple((percent(x, 2), number(y, 4)) for x, y in _thinned(found)),
    }


_BUILDERS: Mapping[CurveKind, Callable[[ModelVersion, float], dict[str, Any]]] = {
    CurveKind.ROC: _roc,
    CurveKind.PR: _pr,
    CurveKind.KS: _ks,
    CurveKind.CALIBRATION: _calibration,
    CurveKind.COST: _cost,
}


def _cost_points(report: Report, ratio: float, *, end: float) -> tuple[Point, ...]:
    rate, found = _default_rate(report), report["curve"]
    rows = zip(found["threshold"], found["caught"], found["false_alarms"], strict=True)
    costs = ((x, ratio * rate * (1 - caught) + (1 - rate) * alarms) for x, caught, alarms in rows)
    return tuple(point for point in costs if point[0] <= end)


def _default_rate(report: Report) -> float:
    return float(report["defaults"] / report["clients"])


def _figure(version: ModelVersion, name: str) -> dict[str, str]:
    return {side: number(value, 3) for side, value in version.metrics[name].items()}


def _points(found: Report, x: str, y: str, change: Callable[[float], float] = lambda value: value) -> tuple[Point, ...]:
    return tuple((across, change(up)) for across, up in zip(found[x], found[y], strict=True))


def _rows(found: Report, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    rows = list(zip(*(found[name] for name in names), strict=True))
    return tuple(tuple(percent(value, 2) for value in row) for row in _thinned(rows))


def _thinned(rows: Sequence[Row]) -> list[Row]:
    step = max(1, (len(rows) - 1) // (TABLE_ROWS - 1))
    return list(rows[::step])
