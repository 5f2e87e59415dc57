// The waterfall of one assessment. `layout` turns the figure into bars; `draw` hands them to Chart.js.

const NARROW = 520;
const LABEL_LENGTH = { narrow: 18, wide: 34 };
const STEPS = [0.1, 0.25, 0.5, 1, 2];
const MOST_TICKS = 5;
const MARK = 0.004; // half the width of a mark, as a share of the axis

const shorten = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/**
 * Where each step stands, from the figure's JSON and the room there is.
 * Returns { labels, bars: [[from, to]], directions, min, max, step }; base and total are thin marks, not bars from zero.
 */
export function layout(figure, width) {
  const most = width < NARROW ? LABEL_LENGTH.narrow : LABEL_LENGTH.wide;
  const ends = figure.steps.map((step) => step.end);
  const lowest = Math.min(...ends);
  const highest = Math.max(...ends);
  const step = STEPS.find((each) => (highest - lowest) / each <= MOST_TICKS) ?? STEPS.at(-1);
  const min = (Math.ceil(lowest / step) - 1) * step;
  const max = (Math.floor(highest / step) + 1) * step;
  const mark = (max - min) * MARK;
  const isMark = (step) => step.kind === "base" || step.kind === "total";
  return {
    labels: figure.steps.map((step) => shorten(step.label, most)),
    bars: figure.steps.map((step) => (isMark(step) ? [step.end - mark, step.end + mark] : [step.start, step.end])),
    directions: figure.steps.map((step) => (isMark(step) ? "mark" : step.contribution > 0 ? "raise" : "lower")),
    min,
    max,
    step,
  };
}

/** The words of one step, as the tooltip says them. */
export function words(step, figure) {
  const moved = step.contribution_text && `${step.contribution_text}, ${step.contribution > 0 ? figure.raises : figure.lowers}`;
  return [step.value, moved, `${step.end_text} → ${step.probability_text}`].filter(Boolean);
}

/** How tall the figure stands, in pixels. */
export const height = (figure) => figure.steps.length * 26 + 60;

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure, canvas.parentElement.clientWidth);
  const colours = drawn.directions.map((direction) => (direction === "mark" ? theme.ink : theme[direction]));
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  return new Chart(canvas, {
    type: "bar",
    data: { labels: drawn.labels, datasets: [{ data: drawn.bars, backgroundColor: colours, borderSkipped: false, borderRadius: 3, barThickness: 12 }] },
    options: {
      indexAxis: "y",
      animation: false,
      maintainAspectRatio: false,
      plugins: {
        legend: { display: false },
        tooltip: { displayColors: false, callbacks: {
          title: ([item]) => figure.steps[item.dataIndex].label,
          label: (item) => words(figure.steps[item.dataIndex], figure),
        } },
      },
      scales: {
        x: { min: drawn.min, max: drawn.max, title: { display: true, text: figure.unit, ...text }, ticks: { ...text, stepSize: drawn.step, callback: (value) => number.format(value).replace("-", "−") }, grid: { color: theme.line } },
        y: { ticks: { ...text, autoSkip: false }, grid: { display: false } },
      },
    },
  });
}
