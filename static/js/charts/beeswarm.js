// The global explanation, a dot a client. `layout` piles the dots up without hiding one behind another; `draw` shows them.

import { wrapped } from "./wrapping.js";

const NARROW = 520;
const LABEL_LINES = { narrow: [17, 3], wide: [36, 2] }; // characters a line, lines
const LABEL_WIDTH = { narrow: 118, wide: 240 };
const STEPS = [0.1, 0.2, 0.5, 1, 2];
const MOST_TICKS = { narrow: 4, wide: 6 };
const DOT = 5; // pixels between the centres of dots that touch
const ROW = 44; // pixels a feature stands in
const REACH = 0.44; // how far from its line a dot may stand, in rows

// Dots of about the same contribution stand above and below the line in turn, closer where there are many.
function pile(dots, cell) {
  const piles = new Map();
  for (const dot of dots) {
    const key = Math.round(dot.contribution / cell);
    piles.set(key, [...(piles.get(key) ?? []), dot]);
  }
  return [...piles.values()].flatMap((together) => {
    const step = Math.min(DOT / ROW, REACH / Math.max(Math.ceil((together.length - 1) / 2), 1));
    return together.map((dot, index) => ({ dot, offset: Math.ceil(index / 2) * (index % 2 ? 1 : -1) * step }));
  });
}

/**
 * Where every dot stands, from the figure's JSON and the room there is.
 * Returns { labels, dots: [{ x, y, swarm, dot }], min, max, step }; swarm n lies around y = n.
 */
export function layout(figure, width) {
  const size = width < NARROW ? "narrow" : "wide";
  const all = figure.swarms.flatMap((swarm) => swarm.dots.map((dot) => dot.contribution));
  const lowest = Math.min(0, ...all);
  const highest = Math.max(0, ...all);
  const step = STEPS.find((each) => (highest - lowest) / each <= MOST_TICKS[size]) ?? STEPS.at(-1);
  const min = (Math.ceil(lowest / step) - 1) * step;
  const max = (Math.floor(highest / step) + 1) * step;
  const cell = ((max - min) * DOT) / Math.max(width - LABEL_WIDTH[size], DOT);
  return {
    labels: figure.swarms.map((swarm) => wrapped(swarm.label, ...LABEL_LINES[size])),
    dots: figure.swarms.flatMap((swarm, row) =>
      pile(swarm.dots, cell).map(({ dot, offset }) => ({ x: dot.contribution, y: row + offset, swarm: row, dot })),
    ),
    min,
    max,
    step,
  };
}

/** A colour between two, both as "rgb(r, g, b)"; share 0 is the first. */
export function mix(from, to, share) {
  const [a, b] = [from, to].map((colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number));
  return `rgb(${a.map((part, index) => Math.round(part + (b[index] - part) * share)).join(", ")})`;
}

/** The words of one dot, as the tooltip says them. */
export function words(dot, figure, number) {
  const moved = `${dot.contribution > 0 ? "+" : ""}${number.format(dot.contribution)}`.replace("-", "−");
  return [dot.text, `${moved}, ${dot.contribution > 0 ? figure.raises : figure.lowers}`];
}

const SHAPES = { missing: "crossRot", category: "rectRot" };

/** How tall the figure stands, in pixels. */
export const height = (figure) => figure.swarms.length * ROW + 64;

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const width = canvas.parentElement.clientWidth;
  const drawn = layout(figure, width);
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const fill = ({ dot }) => (SHAPES[dot.position] ? theme.card : mix(theme.card, theme.brand, dot.place));
  return new Chart(canvas, {
    type: "scatter",
    data: { datasets: [{
      data: drawn.dots,
      pointStyle: drawn.dots.map(({ dot }) => SHAPES[dot.position] ?? "circle"),
      backgroundColor: drawn.dots.map(fill),
      borderColor: drawn.dots.map(({ dot }) => (dot.position === "missing" ? theme["ink-soft"] : theme.brand)),
      borderWidth: 1,
      radius: 2.5,
      hoverRadius: 5,
    }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: {
        legend: { display: false },
        tooltip: { displayColors: false, callbacks: {
          title: ([item]) => figure.swarms[item.raw.swarm].label,
          label: (item) => words(item.raw.dot, figure, number),
        } },
      },
      scales: {
        x: { min: drawn.min, max: drawn.max, title: { display: true, text: figure.unit, ...text }, ticks: { ...text, stepSize: drawn.step, callback: (value) => number.format(value).replace("-", "−") }, grid: { color: (line) => (line.tick.value === 0 ? theme["line-strong"] : theme.line) } },
        y: { min: -0.6, max: drawn.labels.length - 0.4, reverse: true, afterBuildTicks: (axis) => { axis.ticks = drawn.labels.map((_, value) => ({ value })); }, ticks: { ...text, autoSkip: false, callback: (value) => drawn.labels[value] }, grid: { color: theme.line } },
      },
    },
  });
}
