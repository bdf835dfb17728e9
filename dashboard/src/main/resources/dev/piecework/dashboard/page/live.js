// One queue, live: a first read, then the server's events. While nobody looks at the page it does not listen, so that
// it costs nothing, and a browser's few connections to one server are there for the pages that are looked at.
import { button, el, section } from "./dom.js";
import { actsOn } from "./acts.js";
import { get, queuePath } from "./api.js";
import { say, speaker } from "./dialogs.js";
import { finder } from "./find.js";
import { firstBlock } from "./first.js";
import { counted } from "./format.js";
import { queueView } from "./view.js";

const AGAIN_MS = 3000;

export function liveQueue(queue, writable, connection) {
  const find = section("find", "One item");
  let finding = null;
  const acts = actsOn(queue, writable, { refresh: () => read(), showGroup: (group) => finding.showGroup(group) });
  finding = finder(find, queue, acts);
  const controls = controlBar(acts, () => block);
  const view = queueView(acts, controls.node, find.node);
  const spoken = speaker();
  const waiting = el("p", { class: "quiet" }, "Loading …");
  const node = el("div", {}, spoken.node, waiting);
  let block = null;
  let events = null;
  let timer = null;
  let stopped = false;
  let sought = false;

  function show(next) {
    block = { ...block, ...next };
    if (block.points === undefined) return; // A status came before the first whole block.
    const first = waiting.isConnected;
    if (first) waiting.replaceWith(view.node);
    view.update(block);
    controls.update(block);
    spoken.speak(block.sentence);
    document.title = `${queue} – ${block.sentence}`;
    if (first && sought) find.node.scrollIntoView();
  }

  async function read() {
    try {
      const whole = await (firstBlock(queue) ?? get(queuePath(queue)));
      if (!stopped) show(whole);
      return true;
    } catch (problem) {
      connection.say("broken", problem.message);
      if (!block) waiting.textContent = problem.message;
      else if (problem.status !== 0) say(problem.message, true);
      return false;
    }
  }

  function listen() {
    clearTimeout(timer);
    events?.close();
    events = null;
    if (stopped || document.hidden) return;
    // The block was read just now: what has changed since is told.
    const source = new EventSource(`${queuePath(queue, "events")}?first=status`);
    events = source;
    source.onopen = () => connection.say("live");
    for (const kind of ["status", "block"]) {
      source.addEventListener(kind, (event) => {
        connection.say("live");
        show(JSON.parse(event.data));
      });
    }
    source.addEventListener("trouble", (event) => connection.say("broken", JSON.parse(event.data).error));
    source.onerror = () => {
      if (stopped || events !== source) return;
      connection.say("broken", "connecting again …");
      source.close();
      timer = setTimeout(start, AGAIN_MS);
    };
  }

  async function start() {
    clearTimeout(timer);
    if (stopped || document.hidden) return;
    if (await read()) listen();
    else if (!stopped) timer = setTimeout(start, AGAIN_MS);
  }

  function seen() {
    if (document.hidden) listen();
    else start();
  }

  document.addEventListener("visibilitychange", seen);
  start();
  return {
    node,
    showItem(id) {
      sought = true;
      return finding.showItem(id);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      events?.close();
      document.removeEventListener("visibilitychange", seen);
    },
  };
}

/** Pause, resume, requeue, drop and the results, below the summary. */
function controlBar(acts, block) {
  const pause = button("Pause …", () => acts.pause(), { id: "pause" });
  const resume = button("Resume", () => acts.resume(), { id: "resume", class: "strong" });
  const requeue = button("Requeue all dead", () => acts.requeue({ all: true }), { id: "requeue-all" });
  const drop = button("Drop all dead …", () => acts.drop({ all: true }, block().counts.dead, "All that are dead"), { id: "drop-all", class: "danger" });
  const download = (format, text) =>
    el("a", { class: "button", href: acts.resultsHref(format), download: true, "aria-label": `Download the results as ${text}` }, `Results, ${text}`);
  const node = el(
    "div",
    { class: "actions" },
    ...(acts.writable ? [pause, resume, requeue, drop] : [el("span", { class: "note" }, "Read-only: this page changes nothing.")]),
    download("csv", "CSV"),
    download("jsonl", "JSON lines"));
  return {
    node,
    update(now) {
      const paused = now.pausedFor !== null || now.state === "paused";
      pause.hidden = paused;
      resume.hidden = !paused;
      for (const one of [requeue, drop]) one.hidden = now.counts.dead === 0;
      requeue.title = counted(now.counts.dead, "item");
    },
  };
}
