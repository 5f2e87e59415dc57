// A number in several groups: a lying box each, from the 5th to the 95th percentile, and the client's value as a line.

import { wrapped } from "./wrapping.js";

const ROW = 54;

/** { labels, boxes: [precomputed statistics or null], client, x: [min, max] }: all that is drawn lies inside the axis. */
export function layout(figure) {
  const told = figure.boxes.filter((box) => box.quantiles);
  const reach = told.flatMap((box) => [...box.quantiles, box.mean]);
  if (figure.client !== null) reach.push(figure.client);
  const low = reach.length ? Math.min(...reach) : 0;
  const high = reach.length ? Math.max(...reach) : 1;
  const room = (high - low || 1) * 0.05;
  return {
    labels: told.map((box) => box.label),
    own: told.map((box) => box.is_client),
    boxes: told.map(({ quantiles: [min, q1, median, q3, max], mean }) => ({ min, q1, median, q3, max, mean, whiskerMin: min, whiskerMax: max, items: [], outliers: [] })),
    client: figure.client,
    x: [low - room, high + room],
  };
}

/** How tall the figure stands, in pixels. */
export const height = (figure) => 90 + ROW * Math.max(1, figure.boxes.filter((box) => box.quantiles).length);

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure);
  const width = canvas.parentElement.clientWidth;
  const style = figure.unit === "share" ? { style: "percent", maximumFractionDigits: 1 } : { maximumFractionDigits: 2, notation: width < 520 ? "compact" : "standard" };
  const number = new Intl.NumberFormat(document.documentElement.lang, style);
  const tick = (value) => number.format(value).replace("-", "−");
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const client = drawn.client === null ? [] : [{ type: "line", xMin: drawn.client, xMax: drawn.client, borderColor: theme.ink, borderWidth: 2.5 }];
  return new Chart(canvas, {
    type: "boxplot",
    data: { labels: drawn.labels, datasets: [{ data: drawn.boxes, backgroundColor: drawn.own.map((own) => (own ? theme.brand : theme["line-strong"])), borderColor: theme["ink-soft"], medianColor: theme.ink, borderWidth: 1.5, meanBackgroundColor: theme.card, meanBorderColor: theme.ink, meanRadius: 4, maxBarThickness: 26 }] },
    options: {
      indexAxis: "y",
      animation: false,
      maintainAspectRatio: false,
      minStats: "whiskerMin",
      maxStats: "whiskerMax",
      plugins: { legend: { display: false }, tooltip: { enabled: false }, annotation: { annotations: client } },
      scales: {
        x: { min: drawn.x[0], max: drawn.x[1], title: { display: true, text: wrapped(figure.axis, width < 520 ? 40 : 90, 2), ...text }, ticks: { ...text, callback: tick, maxTicksLimit: width < 520 ? 6 : 7, includeBounds: false, maxRotation: 0 }, grid: { color: theme.line } },
        y: { ticks: { ...text, callback: (_, place) => wrapped(drawn.labels[place], width < 520 ? 14 : 28, 2) }, grid: { display: false } },
      },
    },
  });
}
