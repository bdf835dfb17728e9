// A table of the run's workers: those with a session now, and those that the journal knows from before.
import { el, keptTable } from "./dom.js";
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
  const nobody = el("p", { class: "quiet" }, "No worker has a session, and none has told of an item.");
  const note = el("p", { class: "note" });
  const list = keptTable(
    "Workers",
    [["worker", null], ["state", null], ["slots", "right"], ["holds", "right"], ["oldest item", null], ["running for", "right"],
      ["done", "right"], ["median", "right"], ["× all", "right"], ["failed", "right"]]);
  part.body.append(nobody, note, list.node);
  return {
    node: part.node,
    update(block) {
      const rows = workerRows(block);
      nobody.hidden = rows.length > 0;
      note.hidden = rows.length === 0;
      list.node.hidden = rows.length === 0;
      const live = rows.filter((row) => !row.gone);
      const slots = live.reduce((sum, row) => sum + row.slots, 0);
      note.textContent = `${counted(live.length, "session")} with ${counted(slots, "slot")} now. ` +
        "Failed attempts are those of the five workers that each failure group names.";
      list.update(rows.map((row) => ({ key: row.id ?? `left ${row.worker}`, cells: cellsOf(row, acts) })));
    },
  };
}

function cellsOf(row, acts) {
  const mono = (text) => el("span", { class: "mono" }, text);
  return [
    { text: row.worker === "" ? "others" : clip(row.worker, 40), make: mono },
    row.gone ? "left" : row.expired ? "expired" : `heard ${seconds(row.lastHeardSeconds)} ago`,
    row.gone ? null : count(row.slots),
    row.gone ? null : count(row.holds),
    row.oldest ? { text: row.oldest.id, make: (id) => itemLink(id, acts) } : null,
    row.oldest ? seconds(row.oldest.ageSeconds) : null,
    row.count ? count(row.count) : null,
    row.median ? seconds(row.median) : null,
    row.factor ? `${row.factor.toFixed(1)} ×` : null,
    count(row.failed),
  ];
}
