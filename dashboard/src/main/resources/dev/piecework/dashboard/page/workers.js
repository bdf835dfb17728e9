// A table of the run's workers: those with a session now, and those that the journal knows from before.
import { el, onChange, swap, table } from "./dom.js";
import { clip, count, counted, seconds } from "./format.js";
import { itemLink } from "./stragglers.js";
import { speeds } from "./times.js";

/** One row per session, then one per worker that has none any more. Pure. */
export function workerRows(block) {
  const known = speeds(block);
  const failed = new Map();
  for (const group of block.groups) {
    for (const [worker, n] of Object.entries(group.workers)) failed.set(worker, (failed.get(worker) ?? 0) + n);
  }
  const rows = block.sessions.map((session) => ({ ...session, ...known.get(session.worker), failed: failed.get(session.worker) ?? 0 }));
  const here = new Set(block.sessions.map((session) => session.worker));
  for (const [worker, speed] of known) {
    if (!here.has(worker)) rows.push({ worker, ...speed, failed: failed.get(worker) ?? 0, gone: true });
  }
  return rows;
}

export function workers(part, acts) {
  const draw = onChange((rows) => {
    if (rows.length === 0) {
      swap(part.body, el("p", { class: "quiet" }, "No worker has a session, and none has told of an item."));
      return;
    }
    const live = rows.filter((row) => !row.gone);
    const slots = live.reduce((sum, row) => sum + row.slots, 0);
    swap(
      part.body,
      el("p", { class: "note" }, `${counted(live.length, "session")} with ${counted(slots, "slot")} now. ` +
        "Failed attempts are those of the five workers that each failure group names."),
      table(
        "Workers",
        [["worker", null], ["state", null], ["slots", "right"], ["holds", "right"], ["oldest item", null], ["running for", "right"],
          ["done", "right"], ["median", "right"], ["× all", "right"], ["failed", "right"]],
        rows.map((row) => [
          el("span", { class: "mono" }, row.worker === "" ? "others" : clip(row.worker, 40)),
          row.gone ? "left" : row.expired ? "expired" : `heard ${seconds(row.lastHeardSeconds)} ago`,
          row.gone ? null : count(row.slots),
          row.gone ? null : count(row.holds),
          row.oldest ? itemLink(row.oldest.id, acts) : null,
          row.oldest ? seconds(row.oldest.ageSeconds) : null,
          row.count ? count(row.count) : null,
          row.median ? seconds(row.median) : null,
          row.factor ? `${row.factor.toFixed(1)} ×` : null,
          count(row.failed),
        ])));
  });
  return { node: part.node, update: (block) => draw(workerRows(block)) };
}
