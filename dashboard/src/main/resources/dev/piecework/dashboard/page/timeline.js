// The workers' timeline: a bar for each attempt where all are known, else where a sample of them falls. How an attempt
// ended is told by shape as well as colour: failed a cross, buried a square, lost a diamond.
import { el, lazyDetails, onChange, redrawn, svg, swap, table } from "./dom.js";
import { clip, clock, count, counted, seconds } from "./format.js";
import { densityCells } from "./density.js";

const [WORKER, SLOT, START, MS, END, ID] = [0, 1, 2, 3, 4, 5];
const ENDS = { D: "done", F: "failed", B: "buried", L: "lost" };
const MOST_MARKS = 400;
const MOST_LANES = 48;
const SHADES = 20;

/** The rows of the drawing: one per slot where that fits, else one per worker. Pure. */
export function lanes(sample, workers) {
  const bySlot = new Map();
  for (const one of sample) bySlot.set(`${one[WORKER]}/${one[SLOT]}`, [one[WORKER], one[SLOT]]);
  const order = (a, b) => a[0] - b[0] || a[1] - b[1];
  const slots = [...bySlot.values()].sort(order);
  const name = (worker) => (worker < 0 ? "other workers" : workers[worker] ?? "?");
  if (slots.length <= MOST_LANES) {
    const single = new Set(slots.map(([worker]) => worker)).size === slots.length;
    const rows = slots.map(([worker, slot]) => ({ label: single ? name(worker) : `${name(worker)} · ${slot}`, worker }));
    const index = new Map(slots.map(([worker, slot], i) => [`${worker}/${slot}`, i]));
    return { rows, laneOf: (one) => index.get(`${one[WORKER]}/${one[SLOT]}`) };
  }
  const ids = [...new Set(slots.map(([worker]) => worker))].sort((a, b) => a - b);
  const index = new Map(ids.map((worker, i) => [worker, i]));
  return { rows: ids.map((worker) => ({ label: name(worker), worker })), laneOf: (one) => index.get(one[WORKER]) };
}

export function timeline(part) {
  const host = el("div", { class: "timeline" });
  const says = el("p", { class: "note" });
  const figures = lazyDetails("As a table", tables);
  part.body.append(legend(), says, host, figures.node);
  let block = null;
  const draw = redrawn(host, (width) => {
    if (block) swap(host, drawing(block, width));
  });
  const changed = onChange(() => {
    const whole = block.attempts <= block.sample.length;
    says.textContent = block.sample.length === 0
      ? "No attempt has ended yet."
      : whole
        ? `All ${counted(block.attempts, "attempt")} that have ended, a bar each.`
        : `${count(block.attempts)} attempts have ended; this is where a sample of ${count(block.sample.length)} of them falls. ` +
          "The darker a cell, the more of its time is covered by attempts of the sample.";
    figures.update([block]);
    draw();
  });
  return {
    node: part.node,
    update(next) {
      block = next;
      changed([next.attempts, next.sample.length, next.sample.at(-1), next.workers.length]);
    },
  };
}

function legend() {
  const shape = (end) => svg("svg", { class: "shape", viewBox: "-7 -7 14 14", "aria-hidden": "true" }, mark(end, 0, 0, 5));
  return el(
    "p",
    { class: "plot-legend" },
    el("span", { class: "key" }, el("span", { class: "swatch done", "aria-hidden": "true" }), "done"),
    el("span", { class: "key" }, shape("F"), "failed, tried again unless its item is dead"),
    el("span", { class: "key" }, shape("B"), "buried: never tried again"),
    el("span", { class: "key" }, shape("L"), "lost with its worker or lease"));
}

function mark(end, x, y, r) {
  if (end === "F") return svg("path", { class: "mark failed", d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}` });
  if (end === "B") return svg("rect", { class: "mark buried", x: x - r * 0.8, y: y - r * 0.8, width: r * 1.6, height: r * 1.6 });
  return svg("path", { class: "mark lost", d: `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z` });
}

function drawing(block, width) {
  const { sample, workers, attempts } = block;
  if (sample.length === 0) return null;
  const { rows, laneOf } = lanes(sample, workers);
  const whole = attempts <= sample.length;
  const labels = rows.length <= 60 ? Math.min(150, Math.round(width * 0.28)) : 0;
  const lane = rows.length > 100 ? 5 : rows.length > 24 ? 11 : 18;
  const [from, to] = span(sample);
  const x = (ms) => labels + ((ms - from) / (to - from)) * (width - labels - 8);
  const height = rows.length * lane + 22;
  const ends = Object.entries(ENDS).map(([code, word]) => `${count(sample.filter((one) => one[END] === code).length)} ${word}`);
  const picture = svg("svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `Timeline of ${counted(rows.length, "row")}, ${clock(from)} to ${clock(to)}: ${ends.join(", ")}${whole ? "" : " in the sample"}`,
  });
  rows.forEach((row, i) => {
    if (i % 2 === 0) picture.append(svg("rect", { class: "lane", x: labels, y: i * lane, width: width - labels, height: lane }));
    if (labels) {
      picture.append(svg("text", { class: "lane-label", x: labels - 6, y: (i + 0.5) * lane }, clip(row.label, Math.floor(labels / 6.6))));
    }
  });
  if (whole) {
    for (const one of sample) picture.append(bar(one, laneOf(one) * lane, lane, x));
  } else {
    // About two attempts of the sample for each cell: with narrower ones there would be gaps that mean nothing.
    const columns = Math.min(Math.floor((width - labels) / 6), Math.max(20, Math.round((2 * sample.length) / rows.length)));
    for (const [share, path] of shades(densityCells(sample, rows.length, laneOf, [from, to], columns), lane, x)) {
      picture.append(svg("path", { class: "density", d: path, "fill-opacity": share }));
    }
  }
  const marked = sample.filter((one) => one[END] !== "D");
  for (const one of evenly(marked, MOST_MARKS)) {
    const at = mark(one[END], x(one[START] + one[MS]), (laneOf(one) + 0.5) * lane, Math.min(5, lane / 2 - 1));
    at.append(svg("title", {}, saying(one, workers)));
    picture.append(at);
  }
  const axis = rows.length * lane + 16;
  [[from, "start"], [to, "end"]].forEach(([ms, anchor]) =>
    picture.append(svg("text", { class: "tick", x: anchor === "start" ? labels : width - 8, y: axis, "text-anchor": anchor }, clock(ms, to))));
  return picture;
}

/** Cells of the same shade are one shape: there may be thousands of them, and no more than twenty shades. */
function shades(cells, lane, x) {
  const paths = new Map();
  for (const cell of cells) {
    const share = (Math.round(cell.share * SHADES) / SHADES).toFixed(2);
    const left = x(cell.from);
    const width = Math.max(1, x(cell.to) - left - 0.5);
    paths.set(share, `${paths.get(share) ?? ""}M${left.toFixed(1)} ${cell.lane * lane + 1}h${width.toFixed(1)}v${lane - 2}h${-width.toFixed(1)}z`);
  }
  return paths;
}

function span(sample) {
  let from = Infinity;
  let to = -Infinity;
  for (const one of sample) {
    from = Math.min(from, one[START]);
    to = Math.max(to, one[START] + one[MS]);
  }
  return [from, Math.max(to, from + 1)];
}

function bar(one, top, lane, x) {
  const left = x(one[START]);
  const node = svg("rect", {
    class: `attempt ${ENDS[one[END]]}`, x: left, y: top + 2, width: Math.max(1.5, x(one[START] + one[MS]) - left - 0.5), height: lane - 4,
    rx: Math.min(2, lane / 5),
  });
  node.append(svg("title", {}, `${one[ID]}: ${ENDS[one[END]]} after ${seconds(one[MS] / 1000)}`));
  return node;
}

function saying(one, workers) {
  return `${one[ID]}: ${ENDS[one[END]]} after ${seconds(one[MS] / 1000)}, on ${workers[one[WORKER]] ?? "another worker"}`;
}

function evenly(list, most) {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
}

function tables([block]) {
  const { sample, workers } = block;
  const totals = new Map();
  for (const one of sample) {
    const row = totals.get(one[WORKER]) ?? { D: 0, F: 0, B: 0, L: 0, ms: 0 };
    row[one[END]] += 1;
    row.ms += one[MS];
    totals.set(one[WORKER], row);
  }
  const rows = [...totals.entries()].sort((a, b) => a[0] - b[0]);
  const bad = sample.filter((one) => one[END] !== "D");
  const shown = bad.slice(-50);
  return el(
    "div",
    {},
    table(
      "Attempts by worker",
      [["worker", null], ["done", "right"], ["failed", "right"], ["buried", "right"], ["lost", "right"], ["time in attempts", "right"]],
      rows.map(([worker, row]) => [worker < 0 ? "other workers" : workers[worker], count(row.D), count(row.F), count(row.B), count(row.L),
        seconds(row.ms / 1000)])),
    el("p", { class: "note" }, bad.length === 0
      ? "None of these attempts failed or was lost."
      : `The last ${count(shown.length)} of ${count(bad.length)} that failed or were lost:`),
    bad.length === 0 ? null : table(
      "Attempts that failed or were lost",
      [["item", null], ["end", null], ["began", null], ["took", "right"], ["worker", null]],
      shown.map((one) => [one[ID], ENDS[one[END]], clock(one[START]), seconds(one[MS] / 1000), workers[one[WORKER]] ?? "another"])));
}
