// The trials of a search: a point each, and the best so far as a line in steps. `layout` says where they stand.

const HEIGHT = 300;
const NARROW = 420;
const ROOM = 0.08; // above and below, as a share of what the values span

/** How tall the figure stands, in pixels. */
export const height = () => HEIGHT;

/** Where things stand: { points, best: [{x, y}], x: { min, max }, y: { min, max }, ticks }. The values fill the height. */
export function layout(figure, width) {
  const at = ([x, y]) => ({ x, y });
  const values = figure.points.map(([, y]) => y);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = (high - low || Math.abs(high) || 1) * ROOM;
  const last = Math.max(...figure.points.map(([x]) => x));
  return { points: figure.points.map(at), best: figure.best.map(at), x: { min: 0, max: last + 1 }, y: { min: low - room, max: high + room }, ticks: width < NARROW ? 5 : 9 };
}

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure, canvas.parentElement.clientWidth);
  const writer = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const axis = ({ min, max }, title, callback) => ({ type: "linear", min, max, title: { display: true, text: title, ...text }, ticks: { ...text, maxTicksLimit: drawn.ticks, includeBounds: false, maxRotation: 0, callback }, grid: { color: theme.line } });
  return new Chart(canvas, {
    type: "scatter",
    data: {
      datasets: [
        { label: figure.trial_label, data: drawn.points, pointRadius: 4, pointBackgroundColor: theme.brand, borderColor: theme.brand, showLine: false },
        { label: figure.best_label, data: drawn.best, type: "line", stepped: "before", pointRadius: 0, borderColor: theme.raise, borderWidth: 2 },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { display: false }, tooltip: { displayColors: false, callbacks: { label: (item) => `${item.dataset.label}: ${item.parsed.x} · ${writer.format(item.parsed.y)}` } } },
      scales: { x: axis(drawn.x, figure.x_title, (value) => (Number.isInteger(value) ? value : "")), y: axis(drawn.y, figure.y_title, (value) => writer.format(value)) },
    },
  });
}
