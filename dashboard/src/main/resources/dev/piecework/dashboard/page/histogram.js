// Item times on a logarithmic axis, with the ages of items that are running as ticks below it.
import { el, lazyDetails, onChange, redrawn, svg, swap, table } from "./dom.js";
import { count, counted, percent, seconds } from "./format.js";
import { bucketTotal, lowerSeconds, merged, upperSeconds } from "./times.js";

const HEIGHT = 200;
const TOP = 34;
const BELOW = 46;
const NICE = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400, 259200, 864000];

export function histogram(part) {
  const host = el("div", { class: "histogram" });
  const says = el("p", { class: "note" });
  const figures = lazyDetails("As a table", (value) => asTable(value));
  part.body.append(says, host, figures.node);
  let shown = null;
  const draw = redrawn(host, (width) => {
    if (shown) swap(host, bucketTotal(shown.times.buckets) === 0 ? null : picture(shown, width));
  });
  const changed = onChange((value) => {
    shown = value;
    const { times, ages } = value;
    const total = bucketTotal(times.buckets);
    says.textContent = total === 0
      ? "No attempt has ended as done yet."
      : `${counted(total, "attempt")} that ended as done: half within ${within(times.p50Seconds)}, 95 % within ` +
        `${within(times.p95Seconds)}, 99 % within ${within(times.p99Seconds)}.` +
        (ages.length > 0 ? ` Triangles: how long the oldest item of each of ${counted(ages.length, "worker")} has run.` : "");
    figures.update(value);
    draw();
  });
  return {
    node: part.node,
    update: (block) => changed({
      times: block.times,
      ages: block.sessions.filter((one) => one.oldest).map((one) => Math.round(one.oldest.ageSeconds * 10) / 10),
    }),
  };
}

/** Times are kept to a millisecond: none is said to be less. */
function within(time) {
  return seconds(Math.max(time, 0.001));
}

function picture({ times, ages }, width) {
  const { first, width: step, bars } = merged(times.buckets, Math.max(20, Math.floor(width / 9)));
  const ratio = times.ratio;
  const oldest = Math.max(0, ...ages);
  // The axis: at least two octaves around what is shown, so that a single bar is not all of it.
  const low = Math.max(0.0008, Math.min(lowerSeconds(first, ratio) / 1.3 || 0.0008, 1e9));
  const high = Math.max(upperSeconds(first + bars.length * step, ratio) * 1.2, oldest * 1.2, low * 4);
  const left = 8;
  const right = 8;
  const x = (s) => left + ((Math.log(Math.max(s, low)) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (width - left - right);
  const most = Math.max(...bars);
  const base = TOP + HEIGHT - BELOW - TOP;
  const node = svg("svg", {
    width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img",
    "aria-label": `Histogram of item times: median ${seconds(times.p50Seconds)}, 95th percentile ${seconds(times.p95Seconds)}, 99th ${seconds(times.p99Seconds)}`,
  });
  node.append(svg("line", { class: "axis", x1: 0, x2: width, y1: base, y2: base }));
  let free = -Infinity;
  for (const tick of NICE.filter((one) => one >= low && one <= high)) {
    if (x(tick) < free || x(tick) > width - 20) continue;
    free = x(tick) + 62;
    node.append(svg("line", { class: "grid", x1: x(tick), x2: x(tick), y1: TOP, y2: base }));
    node.append(svg("text", { class: "tick", x: Math.max(x(tick), 14), y: base + 30, "text-anchor": "middle" }, seconds(tick)));
  }
  bars.forEach((n, i) => {
    if (n === 0) return;
    const from = x(lowerSeconds(first + i * step, ratio));
    const to = x(upperSeconds(first + i * step + step - 1, ratio));
    const height = Math.max(2, (n / most) * (base - TOP));
    const bar = svg("rect", { class: "column", x: from, y: base - height, width: Math.max(1.5, to - from - 1), height });
    bar.append(svg("title", {}, `${range(first + i * step, step, ratio)}: ${count(n)}`));
    node.append(bar);
  });
  quantiles(node, times, x, base);
  // One shape for all: there is one for each worker.
  const ticks = ages.map((age) => `M${x(age).toFixed(1)} ${base + 2}l5 10h-10z`).join("");
  if (ticks) node.append(svg("path", { class: "age", d: ticks }, svg("title", {}, agesText(ages))));
  return node;
}

function agesText(ages) {
  return ages.length === 1 ? `running for ${seconds(ages[0])}` : `running for ${seconds(Math.min(...ages))} to ${seconds(Math.max(...ages))}`;
}

/** The labels stand in three heights, so that they do not cover one another. */
function quantiles(node, times, x, base) {
  [["p50", times.p50Seconds], ["p95", times.p95Seconds], ["p99", times.p99Seconds]].forEach(([label, s], i) => {
    if (!s) return;
    const at = x(s);
    const end = at > node.width.baseVal.value - 110;
    node.append(svg("line", { class: "quantile", x1: at, x2: at, y1: 4 + i * 11, y2: base }));
    node.append(svg("text", { class: "quantile-label", x: end ? at - 4 : at + 4, y: 11 + i * 11, "text-anchor": end ? "end" : "start" },
      `${label} ${seconds(s)}`));
  });
}

function range(first, step, ratio) {
  return `${seconds(lowerSeconds(first, ratio))} to ${seconds(upperSeconds(first + step - 1, ratio))}`;
}

function asTable({ times, ages }) {
  const { first, width: step, bars } = merged(times.buckets, 40);
  const total = bucketTotal(times.buckets);
  const rows = bars.flatMap((n, i) => (n === 0 ? [] : [[range(first + i * step, step, times.ratio), count(n), percent(n, total)]]));
  return el(
    "div",
    {},
    table("Item times", [["time", null], ["attempts", "right"], ["share", "right"]], rows),
    ages.length === 0 ? null : el("p", { class: "note" }, `Ages of the oldest running items: ${ages.map(seconds).join(", ")}.`));
}
