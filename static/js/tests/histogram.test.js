import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { height, layout, shareAt } from "../charts/histogram.js";

const figure = JSON.parse(await readFile(new URL("../../../tests/golden/histogram.json", import.meta.url)));

test("every bar stands between its own two ticks with its own count", () => {
  const { bars } = layout(figure, 800);

  bars.forEach(({ recommendation, points }, band) => {
    assert.equal(recommendation, figure.bands[band].recommendation);
    assert.deepEqual(points.map(({ y }) => y), figure.bands[band].counts);
    assert.deepEqual(points.map(({ x }) => Math.floor(x)), figure.bars.map((_, bar) => bar));
  });
});

test("a mark stands at its probability on the axis of the bars", () => {
  const { marks } = layout(figure, 800);

  for (const [index, { x }] of marks.entries()) {
    assert.ok(Math.abs(shareAt(x, figure) - figure.marks[index].probability) < 1e-9);
  }
});

test("a probability beyond the scale stands in the last bar", () => {
  const far = { ...figure, marks: [{ kind: "client", probability: 0.97, label: "x" }] };

  const { marks, max } = layout(far, 800);

  assert.ok(marks[0].x > max - 1 && marks[0].x < max);
});

test("ticks are shares at the edges of bars, fewer where there is little room", () => {
  const wide = layout(figure, 800).ticks;
  const narrow = layout(figure, 320).ticks;

  assert.deepEqual(wide.map((tick) => Math.round(shareAt(tick, figure) * 100)), [0, 5, 10, 15, 20, 25, 30, 35, 40]);
  assert.deepEqual(narrow.map((tick) => Math.round(shareAt(tick, figure) * 100)), [0, 10, 20, 30, 40]);
});

test("the figure has one height whatever it holds", () => {
  assert.equal(height(figure), height({ ...figure, bars: [] }));
});
