import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { layout } from "../charts/curve.js";

const figure = JSON.parse(await readFile(new URL("../../../tests/golden/calibration.json", import.meta.url)));

test("each point of a line stands where its figures say", () => {
  const { lines } = layout(figure, 800);

  lines.forEach(({ points }, place) => assert.deepEqual(points.map(({ x, y }) => [x, y]), figure.lines[place].points));
});

test("an interval stands over its point, from its low end to its high one", () => {
  const { bars } = layout(figure, 800);

  bars.forEach(([low, high], place) => assert.deepEqual([low.x, low.y, high.x, high.y], [figure.bars[place][0], figure.bars[place][1], figure.bars[place][0], figure.bars[place][2]]));
});

test("nothing is cut off, and shares never go beyond one", () => {
  const { x, y } = layout(figure, 800);
  const whole = layout({ ...figure, bars: [], lines: [{ label: "", role: "main", points: [[1, 1]] }] }, 800);

  assert.ok(figure.bars.every(([place, , high]) => place <= x && high <= y));
  assert.deepEqual([whole.x, whole.y], [1, 1]);
});

test("marks stand one above the other", () => {
  const marks = [{ x: 0.1, label: "a" }, { x: 0.11, label: "b" }];

  assert.deepEqual(layout({ ...figure, marks }, 800).marks.map(({ up }) => up), [0, 24]);
});
