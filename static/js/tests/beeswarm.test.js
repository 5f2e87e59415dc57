import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { height, layout, mix, words } from "../charts/beeswarm.js";

const figure = JSON.parse(await readFile(new URL("../../../tests/golden/beeswarm.json", import.meta.url)));
const same = (count) => ({ ...figure, swarms: [{ label: "x", dots: Array(count).fill(figure.swarms[0].dots[0]) }] });
const number = new Intl.NumberFormat("fr", { maximumFractionDigits: 2 });

test("every dot of the figure is drawn once, at its own contribution", () => {
  const { dots } = layout(figure, 800);

  const drawn = dots.map(({ x, swarm }) => [swarm, x]).sort();
  const given = figure.swarms.flatMap((swarm, row) => swarm.dots.map((dot) => [row, dot.contribution])).sort();
  assert.deepEqual(drawn, given);
});

test("a dot stays within the row of its feature, however many there are", () => {
  for (const each of [figure, same(2000)]) {
    for (const { y, swarm } of layout(each, 300).dots) assert.ok(Math.abs(y - swarm) <= 0.45);
  }
});

test("dots of one contribution do not hide one another", () => {
  const places = layout(same(9), 800).dots.map(({ y }) => y);

  assert.equal(new Set(places).size, 9);
});

test("the axis holds every dot and the zero line", () => {
  const { dots, min, max } = layout(figure, 800);

  assert.ok(min < 0 && 0 < max);
  for (const { x } of dots) assert.ok(min <= x && x <= max);
});

test("long labels are broken into lines, shorter ones where there is little room", () => {
  const long = { ...figure, swarms: [{ label: "Retard le plus long des échéances depuis deux ans", dots: [] }] };

  assert.deepEqual(layout(long, 900).labels[0], ["Retard le plus long des échéances", "depuis deux ans"]);
  assert.deepEqual(layout(long, 320).labels[0], ["Retard le plus", "long des", "échéances depuis…"]);
});

test("a figure without dots still has an axis", () => {
  const { min, max, dots } = layout({ ...figure, swarms: [] }, 800);

  assert.ok(min < max);
  assert.deepEqual(dots, []);
});

test("a low value has the first colour, a high one the second", () => {
  assert.equal(mix("rgb(0, 10, 20)", "rgb(100, 110, 120)", 0), "rgb(0, 10, 20)");
  assert.equal(mix("rgb(0, 10, 20)", "rgb(100, 110, 120)", 1), "rgb(100, 110, 120)");
  assert.equal(mix("rgb(0, 0, 0)", "rgb(10, 20, 30)", 0.5), "rgb(5, 10, 15)");
});

test("a tooltip says the value and which way it moved the risk", () => {
  assert.deepEqual(words({ contribution: -0.25, text: "0,7" }, figure, number), ["0,7", `−0,25, ${figure.lowers}`]);
  assert.deepEqual(words({ contribution: 0.1, text: "a" }, figure, number), ["a", `+0,1, ${figure.raises}`]);
});

test("the figure grows with its features", () => {
  assert.ok(height(same(1)) < height(figure));
});
