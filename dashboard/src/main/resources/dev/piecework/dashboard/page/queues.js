// All queues of this Redis.
import { el, onChange, swap, table } from "./dom.js";
import { get } from "./api.js";
import { count, counted, percent, rate, seconds } from "./format.js";
import { stateBadge } from "./summary.js";

const EVERY_MS = 2000;
const STATES = ["done", "leased", "waiting", "delayed", "dead"];

export function queuesView(connection) {
  const body = el("div");
  const heading = el("h1", {}, "Queues");
  const node = el("div", { class: "view" }, el("div", { class: "card" }, heading, body));
  let timer = null;
  let stopped = false;
  const draw = onChange((queues) => swap(body, queues.length === 0
    ? el("p", { class: "quiet" }, "There is no queue yet: ", el("span", { class: "mono" }, "piecework fill NAME"), " makes one.")
    : el("div", {}, el("p", { class: "note" }, counted(queues.length, "queue")), listOf(queues))));

  async function read() {
    clearTimeout(timer);
    if (stopped || document.hidden) return;
    try {
      const queues = await get("api/queues");
      connection.say("live");
      if (!stopped) draw(queues);
    } catch (problem) {
      connection.say("broken", problem.message);
    }
    if (!stopped) timer = setTimeout(read, EVERY_MS);
  }

  document.addEventListener("visibilitychange", read);
  read();
  return {
    node,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", read);
    },
  };
}

function listOf(queues) {
  return table(
    "Queues",
    [["queue", null], ["state", null], ["items", "bar-cell"], ["done", "right"], ["of", "right"], ["waiting", "right"], ["running", "right"],
      ["dead", "right"], ["rate", "right"], ["to go", "right"]],
    queues.map((one) => [
      el("a", { href: `#/q/${encodeURIComponent(one.queue)}`, class: "mono", "data-key": `queue ${one.queue}` }, one.queue),
      stateBadge(one.state, one.counts.leased),
      smallBar(one.counts),
      percent(one.counts.done, one.counts.total),
      count(one.counts.total),
      count(one.counts.waiting + one.counts.delayed),
      count(one.counts.leased),
      count(one.counts.dead),
      one.perSecond > 0 && one.state !== "drained" ? rate(one.perSecond) : null,
      one.etaSeconds === null || one.state === "drained" ? null : seconds(one.etaSeconds),
    ]));
}

function smallBar(counts) {
  const bar = el("span", { class: "bar small", "aria-hidden": "true" });
  for (const key of STATES) {
    if (counts[key] <= 0) continue;
    const piece = el("span", { class: `fill ${key}` });
    piece.style.flexGrow = String(counts[key] / counts.total);
    bar.append(piece);
  }
  return bar;
}
