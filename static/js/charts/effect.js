// What each value of one feature does to the log-odds, and the client's cross-hair. `layout` turns the figure into
// points and lines; `draw` hands them to Chart.js.

import { wrapped } from "./wrapping.js";

const ROOM = 0.05; // beside the outermost points, as a share of the range

const spread = (numbers) => {
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const room = (high - low || 1) * ROOM;
  return [low - room, high + room];
};

/** Where the dots stand, from the figure's JSON: { dots: [{x, y}], raise: [bool], cross: [[{x, y}]], x: [min, max], y: [min, max] }. */
export function layout(figure) {
  const dots = figure.points.map(([x, y]) => ({ x, y }));
  const all = figure.client ? [...figure.points, figure.client] : figure.points;
  const x = spread(all.map(([value]) => value));
  const y = spread([0, ...all.map(([, contribution]) => contribution)]);
  const lines = ([value, contribution]) => [
    [{ x: value, y: y[0] }, { x: value, y: y[1] }],
    [{ x: x[0], y: contribution }, { x: x[1], y: contribution }],
  ];
  return { dots, raise: dots.map((dot) => dot.y > 0), cross: figure.client ? lines(figure.client) : [], x, y };
}

const HEIGHT = 340;
const LETTER = 6.5; // pixels, on average
const AXES = 70; // pixels they take of the height or the width

/** How tall the figure stands, in pixels. */
export const height = () => HEIGHT;

/** Breaks a title into lines of whole words that fit into so many pixels, for none is to be cut. */
export function lines(title, pixels) {
  const most = Math.max(12, Math.floor((pixels - AXES) / LETTER));
  return title.split(" ").reduce((found, word) => {
    const longer = found.length ? `${found.at(-1)} ${word}` : word;
    return longer.length <= most && found.length ? [...found.slice(0, -1), longer] : [...found, word];
  }, []);
}

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure);
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const tick = (value) => number.format(value).replace("-", "−");
  const axis = (range, title) => ({ min: range[0], max: range[1], title: { display: true, text: wrapped(title, canvas.parentElement.clientWidth < 520 ? 34 : 90, 3), ...text }, ticks: { ...text, callback: tick, maxTicksLimit: 7, includeBounds: false }, grid: { color: theme.line } });
  const line = (data) => ({ type: "line", data, borderColor: theme.ink, borderWidth: 1.5, borderDash: [5, 4], pointRadius: 0 });
  const client = figure.client ? [{ data: [{ x: figure.client[0], y: figure.client[1] }], pointRadius: 6, backgroundColor: theme.ink, pointStyle: "rectRot" }] : [];
  const dots = { data: drawn.dots, pointRadius: 2.5, pointBackgroundColor: drawn.raise.map((raises) => (raises ? theme.raise : theme.lower)), pointBorderWidth: 0 };
  return new Chart(canvas, {
    type: "scatter",
    data: { datasets: [...client, ...drawn.cross.map(line), dots] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: { label: (item) => `${tick(item.parsed.x)} · ${tick(item.parsed.y)}` } } },
      scales: { x: axis(drawn.x, lines(figure.x_title, canvas.parentElement.clientWidth)), y: axis(drawn.y, lines(figure.y_title, HEIGHT)) },
    },
  });
}
