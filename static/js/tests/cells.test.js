import assert from "node:assert/strict";
import { test } from "node:test";
import { layout } from "../charts/cells.js";

const figure = { dots: [], cells: [[0, 1, 0, 2, 4], [1, 2, 2, 4, 16]], most: 16, x: [0, 2], y: [0, 4], line: [[0, 1], [2, 3]], client: [9, -3] };

test("the client is inside both axes wherever he stands", () => {
  const { x, y } = layout(figure);

  assert.ok(x[0] < 0 && x[1] > 9);
  assert.ok(y[0] < -3 && y[1] > 4);
});

test("a cell hangs from its upper left corner and weighs by the root of its clients", () => {
  const [first, second] = layout(figure).cells;

  assert.deepEqual([first.x, first.y, first.width, first.height], [0, 2, 1, 2]);
  assert.deepEqual([first.weight, second.weight], [0.5, 1]);
});

test("every dot is inside the axes", () => {
  const { x, y } = layout({ ...figure, cells: [], dots: [[-5, 1], [7, 30]], client: null });

  assert.ok(x[0] < -5 && x[1] > 7 && y[1] > 30);
});
