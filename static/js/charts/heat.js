// Two categories: a table of shares as cells, darker where more clients of a row stand, and the client's cell framed.

const ROW = 44;

/** { cells: [{ x, y, share, own }], columns, rows }: column x and row y, counted from 0. */
export function layout(figure) {
  const [ownRow, ownColumn] = figure.client ?? [-1, -1];
  const cells = figure.rows.flatMap((row, y) => row.shares.map((share, x) => ({ x, y, share, own: y === ownRow && x === ownColumn })));
  return { cells, columns: figure.columns, rows: figure.rows.map((row) => row.label) };
}

/** How tall the figure stands, in pixels. */
export const height = (figure) => 110 + ROW * figure.rows.length;

const faded = (colour, share) => `color-mix(in srgb, ${colour} ${Math.round(6 + 94 * share)}%, transparent)`;
const shorten = (label, room) => (label.length > room ? `${label.slice(0, room - 1)}…` : label);

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure);
  const width = canvas.parentElement.clientWidth;
  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 0 });
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const axis = (labels, title, room) => ({ type: "linear", min: -0.5, max: labels.length - 0.5, offset: false, title: { display: true, text: title, ...text }, afterBuildTicks: (scale) => { scale.ticks = labels.map((_, value) => ({ value })); }, ticks: { ...text, autoSkip: false, maxRotation: 40, callback: (value) => shorten(labels[value] ?? "", room) }, grid: { display: false } });
  const words = drawn.cells.map((cell) => ({ type: "label", xValue: cell.x, yValue: cell.y, content: percent.format(cell.share), color: cell.share > 0.55 ? theme.card : theme.ink, font: { family: "Inter Variable", size: width < 520 ? 10 : 12, weight: cell.own ? "bold" : "normal" } }));
  return new Chart(canvas, {
    type: "matrix",
    data: { datasets: [{
      data: drawn.cells,
      backgroundColor: ({ raw }) => (raw ? faded(theme.brand, raw.share) : "transparent"),
      borderColor: ({ raw }) => (raw?.own ? theme.raise : theme.line),
      borderWidth: ({ raw }) => (raw?.own ? 3 : 1),
      width: ({ chart }) => (chart.chartArea ? chart.chartArea.width / drawn.columns.length - 2 : 0),
      height: ({ chart }) => (chart.chartArea ? chart.chartArea.height / drawn.rows.length - 2 : 0),
    }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { display: false }, tooltip: { enabled: false }, annotation: { annotations: words } },
      scales: { x: axis(drawn.columns, figure.x_title, Math.max(8, Math.floor((width * 0.8) / drawn.columns.length / 7))), y: { ...axis(drawn.rows, figure.y_title, width < 520 ? 12 : 26), reverse: true } },
    },
  });
}
