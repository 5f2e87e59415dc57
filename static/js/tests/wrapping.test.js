import assert from "node:assert/strict";
import { test } from "node:test";

import { wrapped } from "../charts/wrapping.js";

test("a short label stays on its line", () => {
  assert.deepEqual(wrapped("Score externe 2", 20, 3), ["Score externe 2"]);
});

test("a long label is broken between words", () => {
  assert.deepEqual(wrapped("Retard le plus long des relevés", 16, 3), ["Retard le plus", "long des relevés"]);
});

test("what is too long for its lines is cut with an ellipsis", () => {
  assert.deepEqual(wrapped("un deux trois quatre cinq", 8, 2), ["un deux", "trois…"]);
  assert.deepEqual(wrapped("x".repeat(60), 10, 2), [`${"x".repeat(9)}…`]);
});
