// The curves of a model version: lines, intervals, and marks at places of the axis. `layout` says where they stand.

const HEIGHT = 320;
const NARROW = 420;
const ROOM = 0.04; // above the highest point, as a share

/** How tall the figure stands, in pixels. */
export const height = () => HEIGHT;

/**
 * Where things stand: { lines: [{ label, role, points: [{x, y}] }], bars: [[{x, y}, {x, y}]], marks, x: max, y: max }.
 * Each axis starts at 0; one that counts shares never goes beyond 1.
 */
export function layout(figure, width) {
  const lines = figure.lines.map(({ label, role, points }) => ({ label, role, points: points.map(([x, y]) => ({ x, y })) }));
  const bars = figure.bars.map(([x, low, high]) => [{ x, y: low }, { x, y: high }]);
  const all = [...lines.flatMap(({ points }) => points), ...bars.flat()];
  const end = (key, place) => {
    const highest = Math.max(...all.map((point) => point[key])) * (1 + ROOM);
    return figure.are_shares[place] ? Math.min(1, highest) : highest;
  };
  const marks = figure.marks.map((mark, place) => ({ ...mark, up: place * 24 }));
  return { lines, bars, marks, x: end("x", 0), y: end("y", 1), ticks: width < NARROW ? 5 : 9 };
}

const COLOUR = { main: "brand", other: "raise", chance: "ink-soft" };

function markOf({ x, label, up }, end, theme) {
  return {
    type: "line",
    xMin: x,
    xMax: x,
    borderColor: theme["ink-soft"],
    borderWidth: 1.5,
    borderDash: [5, 4],
    label: { display: true, content: label, position: "start", xAdjust: x > end / 2 ? -70 : 70, yAdjust: -up, color: theme.ink, backgroundColor: theme.card, font: { family: "Inter Variable", size: 12, weight: "normal" }, padding: 3 },
  };
}

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure, canvas.parentElement.clientWidth);
  const language = document.documentElement.lang;
  const writers = figure.are_shares.map((isShare) => new Intl.NumberFormat(language, isShare ? { style: "percent", maximumFractionDigits: 1 } : { maximumFractionDigits: 3 }));
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const axis = (max, title, writer) => ({ type: "linear", min: 0, max, title: { display: true, text: title, ...text }, ticks: { ...text, maxTicksLimit: drawn.ticks, includeBounds: false, maxRotation: 0, callback: (value) => writer.format(value) }, grid: { color: theme.line } });
  const line = ({ label, role, points }) => ({ type: "line", label, data: points, borderColor: theme[COLOUR[role]], borderWidth: role === "chance" ? 1.5 : 2.5, borderDash: role === "chance" ? [5, 4] : [], pointRadius: drawn.bars.length && role === "main" ? 4 : 0, pointHoverRadius: 4, pointBackgroundColor: theme[COLOUR[role]], showLine: role !== "main" || !drawn.bars.length });
  const bar = (data) => ({ type: "line", data, borderColor: theme.brand, borderWidth: 2, pointRadius: 0, label: "" });
  return new Chart(canvas, {
    type: "scatter",
    data: { datasets: [...drawn.lines.map(line), ...drawn.bars.map(bar)] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: {
        legend: { display: false },
        tooltip: { displayColors: false, filter: (item) => item.dataset.label !== "", callbacks: { label: (item) => `${item.dataset.label}: ${writers[0].format(item.parsed.x)} · ${writers[1].format(item.parsed.y)}` } },
        annotation: { annotations: drawn.marks.map((mark) => markOf(mark, drawn.x, theme)) },
      },
      scales: { x: axis(drawn.x, figure.x_title, writers[0]), y: axis(drawn.y, figure.y_title, writers[1]) },
    },
  });
}
