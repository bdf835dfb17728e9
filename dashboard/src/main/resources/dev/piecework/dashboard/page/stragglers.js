// Who holds the end up: items that run longer than nearly all before them, and the slowest that are over.
import { el, lazyDetails, onChange, swap, table } from "./dom.js";
import { clip, count, counted, seconds } from "./format.js";
import { speeds } from "./times.js";

const MOST = 20;
const SLOW = 1.5;
const LEAST = 0.001; // Seconds: times are kept to a millisecond.

/** The oldest item of each session that is older than the 95th percentile, or suspicious; oldest first. Pure. */
export function stragglersOf(block) {
  const p95 = block.times.p95Seconds;
  return block.sessions
    .filter((session) => session.oldest && (session.oldest.suspicious || (p95 !== null && session.oldest.ageSeconds > p95)))
    .map((session) => ({
      ...session.oldest,
      worker: session.worker,
      expired: session.expired,
      times: p95 === null ? null : session.oldest.ageSeconds / Math.max(p95, LEAST),
    }))
    .sort((a, b) => b.ageSeconds - a.ageSeconds);
}

/** Whether a worker is slow in everything, in words. */
function speedText(speed) {
  if (!speed || speed.factor === null) return "too few items to say";
  if (speed.factor >= SLOW) return `yes: its median is ${speed.factor.toFixed(1)} × that of all`;
  return `no: its median is ${speed.factor.toFixed(1)} × that of all`;
}

/** An item's id: where the page can show the item, a link to it. */
export function itemLink(id, acts) {
  const text = clip(id, 60);
  return acts ? el("a", { href: acts.itemHref(id), class: "mono", "data-key": `item ${id}` }, text) : el("span", { class: "mono" }, text);
}

export function stragglers(part, acts) {
  const running = el("div");
  const slowest = lazyDetails("The slowest items that are over", (items) => slowTable(items, acts));
  part.body.append(running, slowest.node);
  const draw = onChange(({ items, p95, sessions }) => {
    if (items.length === 0) {
      swap(running, el("p", { class: "quiet" }, sessions === 0
        ? "No worker has an item now."
        : p95 !== null
          ? `No worker's oldest item is older than ${seconds(Math.max(p95, LEAST))}, within which 95 % were done.`
          : "Too little is done to say what is slow."));
      return;
    }
    const shown = items.slice(0, MOST);
    swap(
      running,
      items.length > shown.length
        ? el("p", { class: "note" }, `The oldest ${count(shown.length)} of ${counted(items.length, "item")}.`)
        : null,
      table(
        "Items that run long",
        [["item", null], ["running for", "right"], ["× p95", "right"], ["attempt", "right"], ["worker", null], ["is it slow in everything?", null]],
        shown.map((item) => [
          itemLink(item.id, acts),
          seconds(item.ageSeconds),
          item.times === null ? null : `${item.times.toFixed(1)} ×`,
          count(item.attempt),
          el("span", { class: "mono" }, clip(item.worker, 40)),
          item.expired ? "its session has expired" : item.speed,
        ])));
  });
  return {
    node: part.node,
    update(block) {
      const bySpeed = speeds(block);
      draw({
        items: stragglersOf(block).map((item) => ({
          ...item,
          ageSeconds: Math.round(item.ageSeconds * 10) / 10,
          times: item.times === null ? null : Math.round(item.times * 10) / 10,
          speed: speedText(bySpeed.get(item.worker)),
        })),
        p95: block.times.p95Seconds,
        sessions: block.sessions.filter((session) => session.oldest).length,
      });
      slowest.node.hidden = block.slowest.length === 0;
      slowest.update(block.slowest);
    },
  };
}

function slowTable(items, acts) {
  return table(
    "The slowest items",
    [["item", null], ["took", "right"], ["attempt", "right"], ["worker", null]],
    items.map((item) => [itemLink(item.id, acts), seconds(item.seconds), count(item.attempt), el("span", { class: "mono" }, clip(item.worker, 40))]));
}
