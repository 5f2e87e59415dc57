import assert from "node:assert/strict";
import { test } from "node:test";
import { layout } from "../charts/distribution.js";

const bar = (share, own = false) => ({ label: `${share}`, share, is_client: own });
const figure = { bars: [bar(0.2), bar(0.5, true), bar(0.3)], ticks: ["0", "10", "20", "30"], client: 1.4, client_text: "14", mean: 1.2, mean_text: "12" };

test("the client's bar is the one the figure says, and his line stands inside it", () => {
  const { bars, marks } = layout(figure, 800);

  assert.deepEqual(bars.map((each) => each.own), [false, true, false]);
  const { x } = marks.find((mark) => mark.kind === "client");
  assert.ok(x >= 1 && x < 2);
});

test("a bound stands between two bars, a word under its own bar", () => {
  assert.deepEqual(layout(figure, 800).ticks.map(({ at }) => at), [0, 1, 2, 3]);
  assert.deepEqual(layout({ ...figure, ticks: [] }, 800).ticks.map(({ at }) => at), [0.5, 1.5, 2.5]);
});

test("a narrow figure leaves bounds out", () => {
  const many = { ...figure, bars: Array.from({ length: 24 }, () => bar(0.04)), ticks: Array.from({ length: 25 }, (_, n) => `${n}`) };

  assert.ok(layout(many, 340).ticks.length <= 6);
  assert.ok(layout(many, 1200).ticks.length > 8);
});

test("without a value of the client only the average is marked", () => {
  assert.deepEqual(layout({ ...figure, client: null }, 800).marks.map((mark) => mark.kind), ["mean"]);
});
