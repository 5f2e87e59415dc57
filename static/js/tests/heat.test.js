import assert from "node:assert/strict";
import { test } from "node:test";
import { layout } from "../charts/heat.js";

const row = (label, ...shares) => ({ label, shares, texts: shares.map(String) });
const figure = { columns: ["x", "y"], rows: [row("a", 0.2, 0.8), row("b", 0.5, 0.5), row("c", 1, 0)], client: [2, 0] };

test("one cell alone is the client's: that of his row and column", () => {
  const own = layout(figure).cells.filter((cell) => cell.own);

  assert.equal(own.length, 1);
  assert.deepEqual([own[0].x, own[0].y, own[0].share], [0, 2, 1]);
});

test("without the client no cell is framed", () => {
  assert.equal(layout({ ...figure, client: null }).cells.filter((cell) => cell.own).length, 0);
});
