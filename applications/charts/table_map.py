"""The tables as a drawing: who names whom from left to right, each layer in a column of its own.

A table stands one layer after the last table it names. A relation that skips a layer passes it in a lane of its own, so
that no line runs behind a table; in each layer tables and lanes stand in the order of what they hang on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from applications.selectors.table_map import Relation, TableFacts

if TYPE_CHECKING:
    from networkx import DiGraph

BOX_WIDTH, BOX_HEIGHT, LANE_HEIGHT = 226.0, 96.0, 14.0
GAP_ACROSS, GAP_DOWN = 190.0, 20.0
MARGIN = 4.0
LEVEL_RUN, WORDS_ROOM = 100.0, 5.0  # before a table; the words stand on the run

# A table by its name, or a lane by the relation's parent and child and the layer it passes.
Place = str | tuple[str, str, int]


@dataclass(frozen=True)
class Box:
    """Where one table stands: its upper left corner."""

    table: TableFacts
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """One relation: an SVG path from the table named to the table naming, and where its words end, before that one."""

    relation: Relation
    path: str
    words_x: float
    words_y: float


@dataclass(frozen=True)
class TableDrawing:
    """All boxes and lines, in a drawing so wide and high."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    box_width: float = BOX_WIDTH
    box_height: float = BOX_HEIGHT


def draw_tables(tables: Sequence[TableFacts], relations: Sequence[Relation]) -> TableDrawing:
    """Return the drawing of tables that hang together without a circle."""
    graph = _with_lanes(relations)
    columns = _in_order(graph)
    height = max(map(_height_of, columns))
    corners = dict(chain(*(_corners(layer, column, height) for layer, column in enumerate(columns))))
    return TableDrawing(
        boxes=tuple(Box(table, *corners[table.name]) for table in tables),
        lines=tuple(_line(relation, corners, relations) for relation in relations),
        width=len(columns) * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS + 2 * MARGIN,
        height=height + 2 * MARGIN,
    )


def _with_lanes(relations: Sequence[Relation]) -> DiGraph:
    import networkx as nx  # noqa: PLC0415  half a second that no other page need wait for

    graph = nx.DiGraph((relation.parent, relation.child) for relation in relations)
    layer_of = {table: layer for layer, tables in enumerate(nx.topological_generations(graph)) for table in tables}
    laid: DiGraph = nx.DiGraph()
    for table, layer in layer_of.items():
        laid.add_node(table, layer=layer)
    for relation in relations:
        lanes = [(relation.parent, relation.child, each) for each in _passed(relation, layer_of)]
        for lane in lanes:
            laid.add_node(lane, layer=lane[2])
        nx.add_path(laid, [relation.parent, *lanes, relation.child])
    return laid


def _passed(relation: Relation, layer_of: Mapping[str, int]) -> range:
    return range(layer_of[relation.parent] + 1, layer_of[relation.child])


def _in_order(graph: DiGraph) -> list[list[Place]]:
    """Give the places of each layer from top to bottom, by the mean place of what each hangs on."""
    columns: list[list[Place]] = []
    for layer in range(1 + max(dict(graph.nodes(data="layer")).values())):
        column = [place for place, at in graph.nodes(data="layer") if at == layer]
        if columns:
            above = {place: number for number, place in enumerate(columns[-1])}
            column.sort(key=lambda place: _mean(above[each] for each in graph.predecessors(place)))
        columns.append(column)
    return columns


def _mean(numbers: Iterable[int]) -> float:
    found = list(numbers)
    return sum(found) / len(found)


def _height(place: Place) -> float:
    return BOX_HEIGHT if isinstance(place, str) else LANE_HEIGHT


def _height_of(column: Sequence[Place]) -> float:
    return sum(map(_height, column)) + GAP_DOWN * (len(column) - 1)


def _corners(layer: int, column: Sequence[Place], height: float) -> Iterable[tuple[Place, tuple[float, float]]]:
    x, y = MARGIN + layer * (BOX_WIDTH + GAP_ACROSS), MARGIN + (height - _height_of(column)) / 2
    for place in column:
        yield place, (x, y)
        y += _height(place) + GAP_DOWN


def _line(relation: Relation, corners: Mapping[Place, tuple[float, float]], relations: Sequence[Relation]) -> Line:
    """Draw from the right of the parent, along its lanes, to the left of the child.

    There its relations arrive one under the other, in the order they come from.
    """
    way = _way(relation, corners)
    arriving = sorted(_way(each, corners)[-1][1] for each in relations if each.child == relation.child)
    x, y = corners[relation.child]
    end = (x, y + BOX_HEIGHT * (arriving.index(way[-1][1]) + 1) / (len(arriving) + 1))
    return Line(relation, _path(way, end), words_x=x - WORDS_ROOM, words_y=end[1] - WORDS_ROOM)


def _way(relation: Relation, corners: Mapping[Place, tuple[float, float]]) -> list[tuple[float, float]]:
    """Give where a relation leaves its parent, and both ends of every lane it passes."""
    x, y = corners[relation.parent]
    way = [(x + BOX_WIDTH, y + BOX_HEIGHT / 2)]
    for place, (lane_x, lane_y) in corners.items():
        if isinstance(place, tuple) and place[:2] == (relation.parent, relation.child):
            way += [(lane_x, lane_y + LANE_HEIGHT / 2), (lane_x + BOX_WIDTH, lane_y + LANE_HEIGHT / 2)]
    return way


def _path(way: Sequence[tuple[float, float]], end: tuple[float, float]) -> str:
    """Give a path that curves across each gap and runs level along each lane, and under its words at the end."""
    (x, y), *rest = way
    path = f"M{x:.1f},{y:.1f}"
    for number, (to_x, to_y) in enumerate([*rest, (end[0] - LEVEL_RUN, end[1])]):
        half, is_lane = (x + to_x) / 2, number % 2 == 1
        path += f" H{to_x:.1f}" if is_lane else f" C{half:.1f},{y:.1f} {half:.1f},{to_y:.1f} {to_x:.1f},{to_y:.1f}"
        x, y = to_x, to_y
    return f"{path} H{end[0]:.1f}"
