// What people look at first: one sentence, and the bar of the items' states.
import { el, onChange, swap } from "./dom.js";
import { clock, count, counted, percent, rate, seconds, slotHours, stateWord } from "./format.js";

const STATES = ["done", "leased", "waiting", "delayed", "dead"];
const SHOWN_AS = { leased: "leased (running)" };

/** A bar of parts. A part is {key, label, value, text}; each has a pattern as well as a colour. */
export function stackedBar(label, parts) {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const bar = el("div", { class: "bar", role: "img", "aria-label": `${label}: ${parts
    .map((part) => `${part.label} ${part.text}`)
    .join(", ")}` });
  for (const part of parts) {
    if (part.value <= 0) continue;
    const piece = el("span", { class: `fill ${part.key}` });
    piece.style.flexGrow = String(part.value / total);
    bar.append(piece);
  }
  const legend = parts.map((part) =>
    el(
      "div",
      { class: part.value > 0 ? "part" : "part none" },
      el("dt", {}, el("span", { class: `swatch ${part.key}`, "aria-hidden": "true" }), part.label),
      el(
        "dd",
        {},
        el("span", { class: "number", "data-value": part.key }, part.text),
        el("span", { class: "share" }, percent(part.value, total)))));
  return [bar, el("dl", { class: "legend" }, ...legend)];
}

/** A badge: the word says what its colour says. */
export function stateBadge(state, leased) {
  const word = stateWord(state, leased);
  return el("span", { class: `badge ${word === "running" ? "ready" : state}`, "data-state": state }, word);
}

/** The sentence, the bar, and the figures beside it. */
export function summary() {
  const title = el("h1");
  const sentence = el("p", { class: "sentence", id: "sentence" });
  const paused = el("p", { class: "trouble" });
  const bar = el("div", { id: "states" });
  const facts = el("p", { class: "facts" });
  const node = el("section", { class: "card summary", "aria-label": "Summary" }, title, sentence, paused, bar, facts);
  const drawTitle = onChange(([queue, state, leased]) =>
    swap(title, el("span", { class: "name" }, queue), stateBadge(state, leased)));
  const drawBar = onChange((counts) =>
    swap(
      bar,
      ...stackedBar(
        `${counted(counts.total, "item")}`,
        STATES.map((key) => ({ key, label: SHOWN_AS[key] ?? key, value: counts[key], text: count(counts[key]) })))));
  return {
    node,
    update(block) {
      drawTitle([block.queue, block.state, Math.min(block.counts.leased, 1)]);
      drawBar(block.counts);
      sentence.textContent = block.sentence;
      paused.textContent = block.pausedFor ? `Paused: ${block.pausedFor}` : "";
      paused.hidden = !block.pausedFor;
      facts.textContent = factsOf(block).join(" · ");
    },
  };
}

function factsOf(block) {
  const facts = [counted(block.counts.total, "item")];
  if (block.perSecond > 0 && !block.ended) facts.push(rate(block.perSecond));
  const { lowSeconds: low, highSeconds: high } = block.estimate;
  if (high !== undefined && !block.ended) facts.push(`${seconds(low)} to ${seconds(high)} to go`);
  if (block.began) facts.push(`began ${clock(block.began, block.now)}`);
  if (block.ended) {
    facts.push(`ended ${clock(block.ended, block.now)}`);
    if (block.began) facts.push(`took ${seconds((new Date(block.ended) - new Date(block.began)) / 1000)}`);
  }
  if (block.copies.made > 0) {
    facts.push(`${counted(block.copies.made, "backup attempt")}, ${count(block.copies.won)} of them ended first`);
  }
  facts.push(block.server);
  return facts;
}

const SLOT_PARTS = [
  ["useful", "useful (attempts that ended as done)"],
  ["retried", "retried (attempts that failed)"],
  ["lost", "lost (with a worker or its lease), or under way"],
  ["idle", "idle (no attempt)"],
];

/** What the slots did with their time. */
export function slotTime(part) {
  const draw = onChange((time) => {
    const total = time.useful + time.retried + time.lost + time.idle;
    if (total <= 0) {
      swap(part.body, el("p", { class: "quiet" }, "No worker has told of its slots yet."));
      return;
    }
    swap(
      part.body,
      el("p", { class: "note" }, `${slotHours(total)} of slot time, ${percent(time.useful, total)} of it useful.`),
      ...stackedBar(
        "Slot time",
        SLOT_PARTS.map(([key, label]) => ({ key, label, value: time[key], text: slotHours(time[key]) }))));
  });
  return { node: part.node, update: (block) => draw(block.slotSeconds) };
}
