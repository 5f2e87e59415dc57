import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { layout, words } from "../charts/waterfall.js";

const figure = JSON.parse(await readFile(new URL("../../../tests/golden/waterfall.json", import.meta.url)));

test("each factor's bar runs from where the step before ended", () => {
  const { bars, directions } = layout(figure, 800);

  const moves = figure.steps.flatMap((step, index) => (directions[index] === "mark" ? [] : [index]));
  for (const index of moves) {
    assert.deepEqual(bars[index], [figure.steps[index].start, figure.steps[index].end]);
    assert.equal(figure.steps[index].start, figure.steps[index - 1].end);
  }
});

test("base and client are thin marks around their own log-odds, never bars from zero", () => {
  const { bars, directions, min, max } = layout(figure, 800);

  for (const index of [0, figure.steps.length - 1]) {
    assert.equal(directions[index], "mark");
    assert.ok(bars[index][1] - bars[index][0] < (max - min) / 50);
    assert.ok(bars[index][0] < figure.steps[index].end && figure.steps[index].end < bars[index][1]);
  }
});

test("what raises the risk and what lowers it are told apart", () => {
  const { directions } = layout(figure, 800);

  figure.steps.forEach((step, index) => {
    if (directions[index] !== "mark") assert.equal(directions[index], step.contribution > 0 ? "raise" : "lower");
  });
});

test("every bar lies on the axis", () => {
  const { bars, min, max } = layout(figure, 800);

  for (const [from, to] of bars) assert.ok(min <= Math.min(from, to) && Math.max(from, to) <= max);
});

test("long labels are cut shorter where there is little room", () => {
  const long = { ...figure, steps: figure.steps.map((step) => ({ ...step, label: "x".repeat(60) })) };

  assert.equal(layout(long, 900).labels[0].length, 34);
  assert.equal(layout(long, 320).labels[0].length, 18);
});

test("a figure whose steps all stand in one place still has an axis", () => {
  const flat = { ...figure, steps: [{ ...figure.steps[0], start: 0, end: -2 }, { ...figure.steps.at(-1), start: 0, end: -2 }] };

  const { min, max } = layout(flat, 800);

  assert.ok(min < -2 && -2 < max);
});

test("a tooltip says value, movement and the probability reached", () => {
  const step = figure.steps.find((each) => each.kind === "factor");

  assert.equal(words(step, figure).length, 3);
  assert.match(words(step, figure)[1], new RegExp(step.contribution > 0 ? figure.raises : figure.lowers));
});
