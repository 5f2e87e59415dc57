import assert from "node:assert/strict";
import { test } from "node:test";
import { height, layout } from "../charts/boxes.js";

const box = (quantiles, extra = {}) => ({ label: "a", quantiles, mean: quantiles?.[2] ?? null, is_client: false, ...extra });
const figure = { boxes: [box([1, 2, 3, 4, 5]), box(null), box([0, 1, 2, 3, 9], { is_client: true })], client: 20 };

test("the client is inside the axis though no box reaches as far", () => {
  const { x } = layout(figure);

  assert.ok(x[0] < 0 && x[1] > 20);
});

test("a group too small to tell is not drawn", () => {
  const drawn = layout(figure);

  assert.equal(drawn.boxes.length, 2);
  assert.deepEqual(drawn.own, [false, true]);
});

test("a box keeps its percentiles in their order", () => {
  const [{ min, q1, median, q3, max }] = layout(figure).boxes;

  assert.deepEqual([min, q1, median, q3, max], [1, 2, 3, 4, 5]);
});

test("nothing to draw still has an axis and a height", () => {
  const empty = { boxes: [], client: null };

  assert.ok(layout(empty).x[0] < layout(empty).x[1]);
  assert.ok(height(empty) > 0);
});
