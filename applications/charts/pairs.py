"""Two features together, over a group: what each pair of kinds is drawn as, and the figures that say how they relate.

Two numbers are dots or cells with a straight trend, a number by category boxes, two categories a table of shares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from django.utils.translation import gettext

from applications.charts.boxes import Box, Boxes, box_of, figure_of
from applications.charts.variables import Variable, source_words
from applications.selectors.population import Population, Value
from applications.templatetags.scoring_format import number, percent
from modelling.associations import (
    Contingency,
    Trend,
    Variance,
    boxes_of,
    contingency_of,
    density_of,
    table_of,
    trend_of,
    variance_of,
)
from modelling.conditions import Mask
from modelling.encoding import Matrix
from modelling.summaries import count_levels, most_frequent, summarise

MOST_DOTS = 1_000
COLUMNS, ROWS = 28, 18
BANDS = 8
MOST_BOXES, MOST_HEAT = 10, 8
# From where on an effect is called weak, medium, strong (Cohen 1988): |r|, η², V.
_STEPS = {"r": (0.1, 0.3, 0.5), "eta": (0.01, 0.06, 0.14), "v": (0.1, 0.3, 0.5)}


@dataclass(frozen=True)
class Cells:
    """Two numbers. dots: [x, y], for few clients; cells: [x from, x to, y from, y to, clients] for many.

    line: two ends of the trend. client: his [x, y], None when he lacks one. by_band: the table that says the same.
    """

    title: str
    x_title: str
    y_title: str
    x_unit: str
    y_unit: str
    source: str
    n: int
    dots: tuple[tuple[float, float], ...]
    cells: tuple[tuple[float, float, float, float, int], ...]
    most: int
    x: tuple[float, float]
    y: tuple[float, float]
    line: tuple[tuple[float, float], ...]
    client: tuple[float, float] | None
    client_text: str
    by_band: tuple[Box, ...]

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return {name: value for name, value in asdict(self).items() if name != "by_band"}


@dataclass(frozen=True)
class HeatRow:
    """One level of the first category. shares: of its clients, at each level of the second; texts say the same."""

    label: str
    clients: int
    shares: tuple[float, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Heat:
    """Two categories. columns: the levels of the second. client: row and column of his levels."""

    title: str
    x_title: str
    y_title: str
    source: str
    n: int
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    client: tuple[int, int] | None
    client_text: str

    def to_json(self) -> dict[str, object]:
        """Return what the page's script reads."""
        return asdict(self)


@dataclass(frozen=True)
class Pair:
    """Two features together. chart: the name of the script's module.

    figures: the statistics, each a name and its value. said: what they come to, in a sentence.
    """

    chart: str
    figure: Cells | Boxes | Heat
    figures: tuple[tuple[str, str], ...]
    said: str


@dataclass(frozen=True)
class Two:
    """What is looked at: the population, who of it, and two features with the client's own values."""

    population: Population
    mask: Mask
    x: Variable
    y: Variable
    own_x: Value
    own_y: Value
    least: int
    shows_dots: bool

    def column(self, variable: Variable) -> Matrix:
        """Give the values of one of the two over the group."""
        return self.population.columns.column(variable.name)[self.mask]

    @property
    def client_text(self) -> str:
        """Write the client's two values."""
        return f"{self.x.write(self.own_x)} · {self.y.write(self.own_y)}"


def pair_of(two: Two) -> Pair:
    """Return two features together."""
    if two.x.levels is None and two.y.levels is None:
        return _numbers(two)
    if two.x.levels is not None and two.y.levels is not None:
        return _categories(two)
    return _number_by_category(two)


def _title(two: Two) -> str:
    return gettext("%(y)s against %(x)s") % {"x": two.x.label, "y": two.y.label}


def _numbers(two: Two) -> Pair:
    x, y = two.column(two.x), two.column(two.y)
    trend = trend_of(x, y)
    figures: list[tuple[str, str]] = []
    said = gettext("Too few clients have both values, or all have the same: there is no trend to tell.")
    if trend is not None:
        figures = [
            (gettext("Correlation r (Pearson)"), number(trend.r, 2)),
            (gettext("95 % interval of r"), _interval(trend)),
            (gettext("p, if r were 0"), _p(trend.p)),
            (gettext("Slope"), gettext("%(y)s for one more unit") % {"y": number(trend.slope, _decimals(trend.slope))}),
            (gettext("Clients with both values"), number(trend.clients)),
        ]
        said = _said_of_trend(trend, two)
    return Pair("cells", _cells(two, x, y, trend), tuple(figures), said)


def _cells(two: Two, x: Matrix, y: Matrix, trend: Trend | None) -> Cells:
    known = ~(np.isnan(x) | np.isnan(y))
    dots = _dots(x[known], y[known]) if two.shows_dots and known.sum() <= MOST_DOTS else ()
    density = density_of(x, y, columns=COLUMNS, rows=ROWS) if known.any() else None
    across = (density.x_edges[0], density.x_edges[-1]) if density else (0.0, 1.0)
    up = (density.y_edges[0], density.y_edges[-1]) if density else (0.0, 1.0)
    cells: tuple[tuple[float, float, float, float, int], ...] = ()
    if density and not dots:
        places = np.argwhere(density.counts > 0).tolist()
        xs, ys = density.x_edges, density.y_edges
        cells = tuple((xs[c], xs[c + 1], ys[r], ys[r + 1], int(density.counts[r, c])) for r, c in places)
    client = (_code(two, two.x, two.own_x), _code(two, two.y, two.own_y))
    return Cells(
        title=_title(two),
        x_title=two.x.axis,
        y_title=two.y.axis,
        x_unit=two.x.unit,
        y_unit=two.y.unit,
        source=source_words(two.population),
        n=int(known.sum()),
        dots=dots,
        cells=cells,
        most=max((cell[-1] for cell in cells), default=0),
        x=across,
        y=up,
        line=tuple((each, trend.intercept + trend.slope * each) for each in across) if trend else (),
        client=None if any(map(math.isnan, client)) else client,
        client_text=two.client_text,
        by_band=_by_band(two, x, y),
    )


def _dots(x: Matrix, y: Matrix) -> tuple[tuple[float, float], ...]:
    return tuple((float(across), float(up)) for across, up in zip(x, y, strict=True))


def _by_band(two: Two, x: Matrix, y: Matrix) -> tuple[Box, ...]:
    """Return y in bands of x that hold about as many clients each."""
    known = x[~np.isnan(x)].astype(np.float64)
    if not len(known):
        return ()
    edges = np.unique(np.quantile(known, np.linspace(0, 1, BANDS + 1)))
    if len(edges) == 1:
        edges = np.append(edges, edges[0])
    codes = np.where(np.isnan(x), np.nan, np.clip(np.searchsorted(edges, x, side="right") - 1, 0, len(edges) - 2))
    own = _code(two, two.x, two.own_x)
    place = -1 if math.isnan(own) else int(np.clip(np.searchsorted(edges, own, side="right") - 1, 0, len(edges) - 2))
    found = boxes_of(y, codes.astype(np.float32), len(edges) - 1)
    return tuple(
        box_of(
            f"{two.x.tick(edges[code])} – {two.x.tick(edges[code + 1])}",
            summary,
            two.y,
            least=two.least,
            is_client=code == place,
        )
        for code, summary in enumerate(found)
    )


def _number_by_category(two: Two) -> Pair:
    number_one, category = (two.x, two.y) if two.x.levels is None else (two.y, two.x)
    own, own_level = (two.own_x, two.own_y) if two.x.levels is None else (two.own_y, two.own_x)
    values, codes = two.column(number_one), two.column(category)
    levels = category.levels or ()
    shown = most_frequent(count_levels(codes, len(levels))[:-1], MOST_BOXES)
    boxes = [
        box_of(
            category.write(levels[code]),
            summarise(values[codes == code]),
            number_one,
            least=two.least,
            is_client=levels[code] == own_level,
        )
        for code in shown
    ]
    title = gettext("%(number)s by %(category)s") % {"number": number_one.label, "category": category.label}
    figure = figure_of(two.population, number_one, own, title=title, boxes=boxes)
    found = variance_of(values, codes, len(levels))
    if found is None:
        return Pair("boxes", figure, (), gettext("Fewer than two groups have values: there is nothing to compare."))
    figures = (
        (gettext("F (analysis of variance)"), number(found.f, 1) if math.isfinite(found.f) else "∞"),
        (gettext("p, if all groups were alike"), _p(found.p)),
        (gettext("η², share of the variance between groups"), percent(found.eta_squared)),
    )
    return Pair("boxes", figure, figures, _said_of_variance(found, number_one, category))


def _categories(two: Two) -> Pair:
    first, second = two.x.levels or (), two.y.levels or ()
    counts = table_of(two.column(two.x), two.column(two.y), (len(first), len(second)))
    rows = most_frequent(counts.sum(axis=1).tolist(), MOST_HEAT)
    columns = most_frequent(counts.sum(axis=0).tolist(), MOST_HEAT)
    own = (_code(two, two.x, two.own_x), _code(two, two.y, two.own_y))
    is_shown = own[0] in rows and own[1] in columns
    heat = Heat(
        title=_title(two),
        x_title=two.y.label,
        y_title=two.x.label,
        source=source_words(two.population),
        n=int(counts.sum()),
        columns=tuple(two.y.write(second[code]) for code in columns),
        rows=tuple(_heat_row(two.x.write(first[code]), counts[code], columns) for code in rows),
        client=(rows.index(int(own[0])), columns.index(int(own[1]))) if is_shown else None,
        client_text=two.client_text,
    )
    found = contingency_of(counts)
    if found is None:
        return Pair("heat", heat, (), gettext("One of the two has fewer than two values here: nothing can depend."))
    figures = (
        (gettext("χ²"), number(found.chi_squared, 1)),
        (gettext("Degrees of freedom"), number(found.degrees)),
        (gettext("p, if neither told of the other"), _p(found.p)),
        (gettext("Cramér's V, 0 to 1"), number(found.cramers_v, 2)),
    )
    return Pair("heat", heat, figures, _said_of_contingency(found, two))


def _heat_row(label: str, counts: np.ndarray, columns: Sequence[int]) -> HeatRow:
    whole = int(counts.sum())
    shares = tuple(float(counts[code]) / whole if whole else 0.0 for code in columns)
    return HeatRow(label, whole, shares, tuple(percent(share) for share in shares))


def _code(two: Two, variable: Variable, own: Value) -> float:
    return two.population.columns.code(variable.name, own)


def _said_of_trend(trend: Trend, two: Two) -> str:
    words = {"x": two.x.label, "y": two.y.label}
    if trend.low <= 0 <= trend.high:
        return gettext("No trend can be told from chance between “%(x)s” and “%(y)s”.") % words
    said = (
        gettext("“%(y)s” tends to rise with “%(x)s”; the link is %(strength)s.")
        if trend.r > 0
        else gettext("“%(y)s” tends to fall as “%(x)s” rises; the link is %(strength)s.")
    )
    return said % {**words, "strength": _strength(abs(trend.r), "r")}


def _said_of_variance(found: Variance, number_one: Variable, category: Variable) -> str:
    words = {"number": number_one.label, "category": category.label, "share": percent(found.eta_squared)}
    if found.p > 0.05:
        return gettext("“%(number)s” does not differ by “%(category)s” more than chance would have it.") % words
    said = gettext("“%(category)s” accounts for %(share)s of the differences in “%(number)s”: a %(strength)s link.")
    return said % {**words, "strength": _strength(found.eta_squared, "eta")}


def _said_of_contingency(found: Contingency, two: Two) -> str:
    words = {"x": two.x.label, "y": two.y.label}
    if found.p > 0.05:
        return gettext("“%(x)s” and “%(y)s” do not go together more than chance would have it.") % words
    said = gettext("“%(x)s” and “%(y)s” go together; the link is %(strength)s.")
    return said % {**words, "strength": _strength(found.cramers_v, "v")}


def _strength(size: float, measure: str) -> str:
    words = (gettext("very weak"), gettext("weak"), gettext("medium"), gettext("strong"))
    return words[sum(size >= step for step in _STEPS[measure])]


def _interval(trend: Trend) -> str:
    """Write an interval with so many decimals that its ends differ; that of very many clients is very narrow."""
    places = next((each for each in (2, 3) if round(trend.low, each) != round(trend.high, each)), 4)
    words = {"low": number(trend.low, places), "high": number(trend.high, places)}
    return gettext("from %(low)s to %(high)s") % words


def _p(value: float) -> str:
    least = 0.001
    return gettext("below %(bound)s") % {"bound": number(least, 3)} if value < least else number(value, 3)


def _decimals(value: float) -> int:
    size = abs(value)
    return 0 if size >= 100 else 2 if size >= 0.1 else 4 if size >= 0.001 else 6
