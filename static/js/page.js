// Draws every canvas that names a chart; redraws when the reader switches between light and dark.
// A chart's module has `draw(canvas, figure, theme, Chart)`, which returns the Chart, and `height(figure)` in pixels.
import * as beeswarm from "./charts/beeswarm.js";
import * as boxes from "./charts/boxes.js";
import * as cells from "./charts/cells.js";
import * as curve from "./charts/curve.js";
import * as distribution from "./charts/distribution.js";
import * as effect from "./charts/effect.js";
import * as heat from "./charts/heat.js";
import * as histogram from "./charts/histogram.js";
import * as trials from "./charts/trials.js";
import * as waterfall from "./charts/waterfall.js";

const CHARTS = { beeswarm, boxes, cells, curve, distribution, effect, heat, histogram, trials, waterfall };
const COLOURS = ["ink", "ink-soft", "line", "line-strong", "card", "brand", "raise", "lower", "refer"];

// light-dark() is only resolved on a real property, so a probe element reads each token.
function theme() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(COLOURS.map((name) => [name, read(name)]));
  probe.remove();
  return colours;
}

function sayFailure(canvas) {
  const sentence = document.createElement("p");
  sentence.className = "error-text";
  sentence.setAttribute("role", "alert");
  sentence.textContent = canvas.dataset.failure;
  canvas.parentElement.replaceWith(sentence);
}

async function show(canvas) {
  const answer = await fetch(canvas.dataset.url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const figure = await answer.json();
  const module = CHARTS[canvas.dataset.chart];
  const drawNow = () => module.draw(canvas, figure, theme(), globalThis.Chart);
  canvas.parentElement.style.setProperty("height", `${module.height(figure)}px`);
  let chart = drawNow();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    chart.destroy();
    chart = drawNow();
  });
}

for (const canvas of document.querySelectorAll("canvas[data-chart]")) show(canvas).catch(() => sayFailure(canvas));
