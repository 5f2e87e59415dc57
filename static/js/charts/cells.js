// Two numbers: dots for few clients, cells of a density for many, a straight trend, and the client as a star.

const HEIGHT = 420;
const ROOM = 0.03;

const widen = ([low, high], more) => {
  const all = [low, high, ...more];
  const room = (Math.max(...all) - Math.min(...all) || 1) * ROOM;
  return [Math.min(...all) - room, Math.max(...all) + room];
};

/** { dots, cells: [{ x, y, width, height, weight }], line, client, x, y }: weight is 0 to 1, by the root of the clients. */
export function layout(figure) {
  const dots = figure.dots.map(([x, y]) => ({ x, y }));
  const cells = figure.cells.map(([left, right, bottom, top, clients]) => ({ x: left, y: top, width: right - left, height: top - bottom, clients, weight: Math.sqrt(clients / figure.most) }));
  const client = figure.client && { x: figure.client[0], y: figure.client[1] };
  const xs = [...dots.map((dot) => dot.x), ...(client ? [client.x] : [])];
  const ys = [...dots.map((dot) => dot.y), ...(client ? [client.y] : [])];
  return { dots, cells, line: figure.line.map(([x, y]) => ({ x, y })), client, x: widen(figure.x, xs), y: widen(figure.y, ys) };
}

/** How tall the figure stands, in pixels. */
export const height = () => HEIGHT;

// Colours come as rgb(…) or as another function the browser resolved; alpha is laid on by mixing.
const faded = (colour, weight) => `color-mix(in srgb, ${colour} ${Math.round(12 + 88 * weight)}%, transparent)`;

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure);
  const narrow = canvas.parentElement.clientWidth < 520;
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2, notation: narrow ? "compact" : "standard" });
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 });
  const tick = (value, unit) => (unit === "share" ? percent : number).format(value).replace("-", "−");
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const axis = (range, title, unit) => ({ type: "linear", reverse: false, offset: false, min: range[0], max: range[1], title: { display: true, text: title, ...text }, ticks: { ...text, callback: (value) => tick(value, unit), maxTicksLimit: narrow ? 4 : 7, includeBounds: false, maxRotation: 0 }, grid: { color: theme.line } });
  const client = drawn.client ? [{ type: "scatter", data: [drawn.client], pointStyle: "star", pointRadius: 10, pointBorderWidth: 3, pointBorderColor: theme.raise, order: 0 }] : [];
  const dots = { type: "scatter", data: drawn.dots, pointRadius: 2.5, pointBackgroundColor: theme.brand, pointBorderWidth: 0, order: 2 };
  const line = { type: "line", data: drawn.line, borderColor: theme.ink, borderWidth: 1.5, borderDash: [5, 4], pointRadius: 0, order: 1 };
  const pixels = (scale, size) => Math.abs(scale.getPixelForValue(size) - scale.getPixelForValue(0));
  const cells = {
    type: "matrix", data: drawn.cells, order: 3, borderWidth: 0, anchorX: "left", anchorY: "top",
    backgroundColor: ({ raw }) => (raw ? faded(theme.brand, raw.weight) : "transparent"),
    width: ({ chart, raw }) => (raw && chart.scales.x ? pixels(chart.scales.x, raw.width) : 0),
    height: ({ chart, raw }) => (raw && chart.scales.y ? pixels(chart.scales.y, raw.height) : 0),
  };
  return new Chart(canvas, {
    type: "scatter",
    data: { datasets: [...client, line, ...(drawn.cells.length ? [cells] : [dots])] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { display: false }, tooltip: { displayColors: false, filter: ({ dataset }) => dataset.type !== "line", callbacks: { title: () => "", label: ({ raw }) => (raw.clients ? number.format(raw.clients) : `${tick(raw.x, figure.x_unit)} · ${tick(raw.y, figure.y_unit)}`) } } },
      scales: { x: axis(drawn.x, figure.x_title, figure.x_unit), y: axis(drawn.y, figure.y_title, figure.y_unit) },
    },
  });
}
