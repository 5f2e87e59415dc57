import assert from "node:assert/strict";
import { test } from "node:test";

import { layout } from "../charts/trials.js";

const figure = { points: [[1, 0.75], [3, 0.74], [4, 0.76]], best: [[1, 0.75], [3, 0.75], [4, 0.76]] };

test("each trial stands at its number and its value", () => {
  const { points, best } = layout(figure, 800);

  assert.deepEqual(points.map(({ x, y }) => [x, y]), figure.points);
  assert.deepEqual(best.map(({ x, y }) => [x, y]), figure.best);
});

test("values that differ little still fill the height, and none is cut off", () => {
  const { x, y } = layout(figure, 800);

  assert.ok(y.min < 0.74 && y.max > 0.76 && y.max - y.min < 0.03);
  assert.ok(x.min < 1 && x.max > 4);
});

test("a single trial has room above and below", () => {
  const { y } = layout({ points: [[1, 0.75]], best: [[1, 0.75]] }, 800);

  assert.ok(y.min < 0.75 && 0.75 < y.max);
});
