import assert from "node:assert/strict";
import { test } from "node:test";
import { layout, lines } from "../charts/effect.js";

const figure = { points: [[1, -0.2], [2, 0.1], [3, 0.4]], client: [5, 0.3] };

test("the client is inside the axes though no dot reaches as far", () => {
  const { x, y } = layout(figure);

  assert.ok(x[0] < 1 && x[1] > 5);
  assert.ok(y[0] < -0.2 && y[1] > 0.4);
});

test("the cross-hair meets at the client", () => {
  const [upright, level] = layout(figure).cross;

  assert.deepEqual(upright.map((end) => end.x), [5, 5]);
  assert.deepEqual(level.map((end) => end.y), [0.3, 0.3]);
});

test("zero is always on the axis of contributions", () => {
  const { y } = layout({ points: [[1, 0.2], [2, 0.3]], client: null });

  assert.ok(y[0] <= 0);
});

test("dots above zero raise the risk", () => {
  assert.deepEqual(layout(figure).raise, [false, true, true]);
});

test("without a value of the client there is no cross-hair", () => {
  assert.deepEqual(layout({ ...figure, client: null }).cross, []);
});

test("a title is broken into lines that fit, and no word is lost", () => {
  const title = "contribution, en log-odds : au-dessus de 0, elle augmente le risque";

  assert.equal(lines(title, 340).join(" "), title);
  assert.ok(lines(title, 340).every((line) => line.length * 6.5 <= 270));
  assert.deepEqual(lines("âge", 340), ["âge"]);
});
