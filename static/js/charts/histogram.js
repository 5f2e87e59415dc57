// The portfolio: applications by probability, a colour a recommendation. `layout` says where bars and marks stand.

const NARROW = 520;
const HEIGHT = 340;

/**
 * Where bars and marks stand on an axis that counts bars: bar n reaches from n to n + 1, the last holds all above.
 * Returns { bars: [{ recommendation, label, points: [{ x, y }] }], marks: [{ kind, x, label }], ticks, max }.
 */
export function layout(figure, width) {
  const count = figure.bars.length;
  const place = (probability) => Math.min((probability / figure.top) * (count - 1), count - 0.5);
  const every = width < NARROW ? 10 : 5;
  return {
    bars: figure.bands.map(({ recommendation, label, counts }) => ({
      recommendation,
      label,
      points: counts.map((y, bar) => ({ x: bar + 0.5, y })),
    })),
    marks: figure.marks.map(({ kind, probability, label }) => ({ kind, label, x: place(probability) })),
    ticks: Array.from({ length: Math.floor((count - 1) / every) + 1 }, (_, tick) => tick * every),
    max: count,
  };
}

/** The probability at a tick of the axis, as a share. */
export const shareAt = (tick, figure) => (tick / (figure.bars.length - 1)) * figure.top;

/** How tall the figure stands, in pixels. */
export const height = () => HEIGHT;

const COLOURS = { accept: "lower", refer: "refer", refuse: "raise" };
const LABEL_DOWN = { accept: 0, refuse: 26, client: 52 }; // one under the other, so that none hides another

function line({ kind, x, label }, theme, width) {
  const colour = kind === "client" ? theme.ink : theme["ink-soft"];
  return {
    type: "line",
    xMin: x,
    xMax: x,
    borderColor: colour,
    borderWidth: kind === "client" ? 2.5 : 1.5,
    borderDash: kind === "client" ? [] : [5, 4],
    label: {
      display: true,
      content: label,
      position: "end",
      yAdjust: LABEL_DOWN[kind],
      color: kind === "client" ? theme.card : theme.ink,
      backgroundColor: kind === "client" ? theme.ink : theme.card,
      font: { family: "Inter Variable", size: width < NARROW ? 11 : 12, weight: "normal" },
      padding: 3,
    },
  };
}

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const width = canvas.parentElement.clientWidth;
  const drawn = layout(figure, width);
  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent" });
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  return new Chart(canvas, {
    type: "bar",
    data: { datasets: drawn.bars.map(({ recommendation, label, points }) => ({
      label,
      data: points,
      backgroundColor: theme[COLOURS[recommendation]],
      barPercentage: 1,
      categoryPercentage: 0.92,
      stack: "all",
    })) },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "x", intersect: false },
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: {
          title: ([item]) => figure.bars[item.dataIndex],
          label: (item) => `${item.dataset.label} ${number.format(item.parsed.y)}`,
        } },
        annotation: { annotations: drawn.marks.map((mark) => line(mark, theme, width)) },
      },
      scales: {
        x: { type: "linear", stacked: true, min: 0, max: drawn.max, offset: false, title: { display: true, text: figure.across, ...text }, afterBuildTicks: (axis) => { axis.ticks = drawn.ticks.map((value) => ({ value })); }, ticks: { ...text, maxRotation: 0, callback: (value) => percent.format(shareAt(value, figure)) + (value === drawn.max - 1 ? " +" : "") }, grid: { display: false } },
        y: { stacked: true, beginAtZero: true, title: { display: true, text: figure.unit, ...text }, ticks: { ...text, precision: 0, callback: (value) => number.format(value) }, grid: { color: theme.line } },
      },
    },
  });
}
