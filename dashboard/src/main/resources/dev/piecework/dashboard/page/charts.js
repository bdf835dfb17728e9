// Throughput and busy slots over time, drawn by uPlot from the journal's points, which are sums: what happened in an
// interval is the difference of two.
import uPlot from "./uPlot.esm.js";
import { el, lazyDetails, onChange, redrawn, table } from "./dom.js";
import { clock, compact, count, dayOf, lengthMs, rate, timeOf } from "./format.js";
import { colour } from "./theme.js";

const MOST_INTERVALS = 160;
const [AT, DONE, DEAD, FAILED, LOST, BUSY, SLOTS] = [0, 1, 2, 3, 4, 5, 6];

/** Intervals with what happened in each; neighbours are merged until they fit, and none is shorter than that. Pure. */
export function intervals(points, leastMs = 0) {
  const ends = endsOf(points, leastMs);
  const result = [];
  for (let i = 0; i + 1 < ends.length; i++) {
    const [from, to] = [ends[i], ends[i + 1]];
    const ms = to[AT] - from[AT];
    if (ms <= 0) continue;
    const grown = (field) => Math.max(0, to[field] - from[field]);
    result.push({
      from: from[AT],
      to: to[AT],
      done: (grown(DONE) * 1000) / ms,
      failed: (grown(FAILED) * 1000) / ms,
      dead: grown(DEAD),
      lost: grown(LOST),
      busy: grown(BUSY) / ms,
      slots: grown(SLOTS) / ms,
    });
  }
  return result;
}

function endsOf(points, leastMs) {
  const step = Math.max(1, Math.ceil((points.length - 1) / MOST_INTERVALS));
  const ends = points.slice(0, 1);
  for (let i = step; i < points.length; i += step) {
    if (points[i][AT] - ends.at(-1)[AT] >= leastMs) ends.push(points[i]);
  }
  const last = points.at(-1);
  if (last === ends.at(-1)) return ends;
  const tooShort = ends.length > 1 && last[AT] - ends.at(-1)[AT] < leastMs;
  return [...(tooShort ? ends.slice(0, -1) : ends), last];
}

/** The points of a chart: each interval's value holds from its beginning, and the last until its end. */
function columns(rows, fields) {
  if (rows.length === 0) return [[], ...fields.map(() => [])];
  const last = rows[rows.length - 1];
  const x = [...rows.map((row) => row.from / 1000), last.to / 1000];
  return [x, ...fields.map((field) => [...rows.map((row) => row[field]), last[field]])];
}

function chartPart(part, series, formatted, tableOf) {
  const host = el("div", { class: "plot", role: "img" });
  const legend = el("p", { class: "plot-legend" });
  const empty = el("p", { class: "quiet" }, "Nothing to draw yet: the first points come with the workers' heartbeats.");
  const figures = lazyDetails("As a table", tableOf);
  part.body.append(legend, host, empty, figures.node);
  const readings = series.map((one) => el("b"));
  series.forEach((one, i) =>
    legend.append(
      el("span", { class: "key" }, el("span", { class: `line ${one.key}`, "aria-hidden": "true" }), `${one.label} `, readings[i])));
  let rows = [];
  let plot = null;
  const read = (index) => series.forEach((one, i) => {
    const values = plot?.data[i + 1] ?? [];
    const value = values[index ?? values.length - 1];
    readings[i].textContent = value === undefined ? "" : formatted(value);
  });
  const draw = redrawn(host, (width) => {
    plot?.destroy();
    plot = null;
    host.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    if (rows.length === 0) return;
    plot = new uPlot(options(series, width, formatted, read), columns(rows, series.map((one) => one.field)), host);
    read(null);
  });
  return onChange(([points, leastMs]) => {
    rows = intervals(points, leastMs);
    empty.hidden = rows.length > 0;
    host.hidden = rows.length === 0;
    const last = rows[rows.length - 1];
    host.setAttribute(
      "aria-label",
      last ? `${series.map((one) => `${one.label} ${formatted(last[one.field])}`).join(", ")} in the last interval` : "no data");
    figures.update(rows);
    if (plot && rows.length > 0) {
      plot.setData(columns(rows, series.map((one) => one.field)));
      read(null);
    } else {
      draw();
    }
  });
}

function options(series, width, formatted, read) {
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
  return {
    width,
    height: 190,
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false }, points: { size: 6 } },
    hooks: { setCursor: [(plot) => read(plot.cursor.idx)] },
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.08 : 1] } },
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map((tick) => tickText(tick, ticks)), space: 70, size: 28 },
      { ...axis, values: (_plot, ticks) => ticks.map((tick) => compact(tick)), size: 44 },
    ],
    series: [
      {},
      ...series.map((one) => ({
        label: one.label,
        stroke: colour(one.colour),
        fill: one.filled ? `${colour(one.colour)}22` : undefined,
        dash: one.dash,
        width: 2,
        points: { show: false },
        paths: uPlot.paths.stepped({ align: 1 }),
      })),
    ],
  };
}

function tickText(tick, ticks) {
  const at = new Date(tick * 1000);
  const step = ticks.length > 1 ? ticks[1] - ticks[0] : 60;
  if (step >= 86400) return dayOf(at).slice(5);
  return step >= 60 ? timeOf(at).slice(0, 5) : timeOf(at);
}

/** Items and failed attempts per second. */
export function throughput(part) {
  const update = chartPart(
    part,
    [
      { key: "done", label: "items done", field: "done", colour: "--done", filled: true },
      { key: "failed", label: "failed attempts", field: "failed", colour: "--dead", dash: [6, 4] },
    ],
    rate,
    (rows) => chartTable("Throughput", rows));
  return { node: part.node, update: (block) => update([block.points, 0]) };
}

/**
 * How many slots there were and how many had an attempt. Each worker tells with its heartbeat what its slots did since the
 * last one: in less than the time between two, some have told twice and some not at all.
 */
export function busySlots(part) {
  const update = chartPart(
    part,
    [
      { key: "leased", label: "busy", field: "busy", colour: "--leased", filled: true },
      { key: "slots", label: "slots", field: "slots", colour: "--muted", dash: [2, 4] },
    ],
    (value) => (value >= 10 ? count(value) : value.toFixed(1)),
    (rows) => chartTable("Slots", rows));
  return { node: part.node, update: (block) => update([block.points, lengthMs(block.settings["lease-timeout"]) / 3]) };
}

function chartTable(label, rows) {
  return table(
    `${label} by interval`,
    [["from", null], ["items done", "right"], ["failed attempts", "right"], ["newly dead", "right"],
      ["losses", "right"], ["busy slots", "right"], ["slots", "right"]],
    rows.map((row) => [clock(row.from), rate(row.done), rate(row.failed), count(row.dead), count(row.lost),
      row.busy.toFixed(1), row.slots.toFixed(1)]));
}
