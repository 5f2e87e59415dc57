// How a feature lies over a group: a bar for each band of values, the client's own in full colour, his place and the
// average as lines. `layout` says where things stand on an axis that counts bars: bar n reaches from n to n + 1.

const NARROW = 520;
const HEIGHT = 320;

/** { bars: [{ x, y, own }], ticks: [{ at, label }], marks: [{ kind, x, label }], max }. Long labels stand every few bars. */
export function layout(figure, width) {
  const count = figure.bars.length;
  const bars = figure.bars.map((bar, place) => ({ x: place + 0.5, y: bar.share, own: bar.is_client }));
  const labels = figure.ticks.length ? figure.ticks.map((label, at) => ({ at, label })) : figure.bars.map((bar, place) => ({ at: place + 0.5, label: bar.label }));
  const most = Math.max(2, Math.floor(width / (width < NARROW ? 70 : 95)));
  const every = figure.ticks.length ? Math.ceil(count / most) : 1;
  const marks = [];
  if (figure.mean !== null) marks.push({ kind: "mean", x: figure.mean, label: figure.mean_text });
  if (figure.client !== null) marks.push({ kind: "client", x: figure.client, label: figure.client_text });
  return { bars, ticks: labels.filter((_, place) => place % every === 0), marks, max: count };
}

/** How tall the figure stands, in pixels. */
export const height = () => HEIGHT;

const shorten = (label, room) => (label.length > room ? `${label.slice(0, room - 1)}…` : label);

function line({ kind, x, label }, theme, words, share) {
  const isClient = kind === "client";
  return {
    type: "line", xMin: x, xMax: x, borderColor: isClient ? theme.ink : theme["ink-soft"], borderWidth: isClient ? 2.5 : 1.5, borderDash: isClient ? [] : [5, 4],
    label: {
      display: true, content: `${words[kind]} ${label}`, position: "end", yAdjust: isClient ? 0 : 26, xAdjust: share > 0.8 ? -40 : share < 0.2 ? 40 : 0,
      color: isClient ? theme.card : theme.ink, backgroundColor: isClient ? theme.ink : theme.card, font: { family: "Inter Variable", size: 12, weight: "normal" }, padding: 3,
    },
  };
}

/** Draws the figure on a canvas; `theme` gives colours by name. Returns the Chart. */
export function draw(canvas, figure, theme, Chart) {
  const drawn = layout(figure, canvas.parentElement.clientWidth);
  const language = document.documentElement.lang;
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  const text = { color: theme["ink-soft"], font: { family: "Inter Variable", size: 12 } };
  const words = language.startsWith("fr") ? { client: "Ce client :", mean: "moyenne :" } : { client: "This client:", mean: "average:" };
  const room = Math.max(4, Math.floor(canvas.parentElement.clientWidth / drawn.ticks.length / 7));
  return new Chart(canvas, {
    type: "bar",
    data: { datasets: [{ data: drawn.bars.map(({ x, y }) => ({ x, y })), backgroundColor: drawn.bars.map((bar) => (bar.own ? theme.brand : theme["line-strong"])), barPercentage: 1, categoryPercentage: 0.92 }] },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "x", intersect: false },
      plugins: {
        legend: { display: false },
        tooltip: { displayColors: false, callbacks: { title: ([item]) => figure.bars[item.dataIndex].label, label: (item) => figure.bars[item.dataIndex].share_text } },
        annotation: { annotations: drawn.marks.map((mark) => line(mark, theme, words, mark.x / drawn.max)) },
      },
      scales: {
        x: { type: "linear", min: 0, max: drawn.max, offset: false, title: { display: true, text: figure.x_title, ...text }, afterBuildTicks: (axis) => { axis.ticks = drawn.ticks.map(({ at }) => ({ value: at })); }, ticks: { ...text, autoSkip: false, maxRotation: figure.ticks.length ? 0 : 45, callback: (value) => shorten(drawn.ticks.find(({ at }) => at === value)?.label ?? "", figure.ticks.length ? 20 : Math.max(room, 12)) }, grid: { display: false } },
        y: { beginAtZero: true, grace: "12%", title: { display: true, text: figure.y_title, ...text }, ticks: { ...text, maxTicksLimit: 6, callback: (value) => percent.format(value) }, grid: { color: theme.line } },
      },
    },
  });
}
