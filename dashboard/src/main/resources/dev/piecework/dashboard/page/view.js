// One queue and its run, in the order in which people look; the live page and the report are made of the same parts.
import { el, section } from "./dom.js";
import { busySlots, throughput } from "./charts.js";
import { groups } from "./groups.js";
import { histogram } from "./histogram.js";
import { runFacts } from "./run.js";
import { stragglers } from "./stragglers.js";
import { slotTime, summary } from "./summary.js";
import { timeline } from "./timeline.js";
import { workers } from "./workers.js";

/** So many parts at the end are long, and far below what is seen at first. */
const LATER = 2;

/**
 * @param acts what the page can do: links to items, requeue, drop, set; null in a report, which can do nothing
 * @param control a node that stands below the summary, or null
 * @param find a part in which one item is looked for
 */
export function queueView(acts, control, find) {
  const parts = [
    summary(),
    throughput(section("throughput", "Throughput")),
    busySlots(section("slots", "Busy slots")),
    timeline(section("timeline", "Timeline of the workers")),
    histogram(section("times", "How long items take")),
    stragglers(section("stragglers", "What holds the end up"), acts),
    groups(section("groups", "Failures by cause"), acts),
    slotTime(section("slot-time", "Slot time")),
    workers(section("workers", "Workers"), acts),
    runFacts(section("run", "The run"), acts),
  ];
  const [first, rates, busy, ...rest] = parts.map((part) => part.node);
  if (control) first.append(control);
  rest.splice(4, 0, find);
  const journal = el("p", { class: "quiet foot" }, "Counts of items are exact. Charts, times and groups come from the run's journal: " +
    "a worker that is killed loses what it had not yet told, at most a third of the lease timeout.");
  const node = el("div", { class: "view" }, first, el("div", { class: "pair" }, rates, busy), ...rest, journal);
  const soon = parts.slice(0, -LATER);
  const later = parts.slice(-LATER);
  let latest = null;
  let below = null; // Not asked for, none yet, all of it.
  function restWhenSeen() {
    requestAnimationFrame(() => setTimeout(() => {
      below = later;
      for (const part of later) part.update(latest);
    }));
    return [];
  }
  return {
    node,
    /** Draws what is looked at first; at the first time the rest is drawn when that is seen. */
    update(block) {
      latest = block;
      for (const part of soon) part.update(block);
      below ??= restWhenSeen();
      for (const part of below) part.update(block);
    },
  };
}
