// The run itself: who fills it, its settings, and in a report how it was started.
import { button, el, onChange, swap, table } from "./dom.js";
import { clock, count, seconds } from "./format.js";

export function runFacts(part, acts) {
  const draw = onChange(({ facts, producers, settings }) =>
    swap(
      part.body,
      el(
        "div",
        { class: "pair" },
        el("div", {}, pairs(facts), ...producerTable(producers)),
        el("div", {}, el("h3", { class: "first" }, "Settings"), settingTable(settings, acts)))));
  return {
    node: part.node,
    update: (block) => draw({
      facts: factsOfRun(block),
      producers: block.producers.map((one) => ({ ...one, lastHeardSeconds: Math.floor(one.lastHeardSeconds / 5) * 5 })),
      settings: Object.entries(block.settings),
    }),
  };
}

function pairs(facts) {
  return el("dl", { class: "pairs" }, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", { class: "mono" }, value)]));
}

function producerTable(producers) {
  if (producers.length === 0) return [];
  const rows = producers.map((one) => [one.source, one.state, count(one.filled), `${seconds(one.lastHeardSeconds)} ago`]);
  return [
    el("h3", {}, "Producers"),
    table("Producers", [["source", null], ["state", null], ["filled", "right"], ["last heard", "right"]], rows),
  ];
}

function settingTable(settings, acts) {
  const writable = acts?.writable;
  const change = (name, value) =>
    button("Change …", () => acts.set(name, value), { class: "small", "data-key": `set ${name}`, "aria-label": `Change ${name}` });
  return table(
    "Settings",
    [["setting", null], ["value", null], ...(writable ? [["change", "right"]] : [])],
    settings.map(([name, value]) => [
      name,
      el("span", { class: "mono" }, String(value)),
      ...(writable ? [change(name, String(value))] : []),
    ]));
}

function factsOfRun(block) {
  const facts = [["queue", block.queue], ["run", block.run ?? "none yet"]];
  if (block.began) facts.push(["began", clock(block.began)]);
  if (block.ended) facts.push(["ended", clock(block.ended)]);
  facts.push(["Redis", block.server], ["Piecework", block.piecework]);
  for (const [name, value] of Object.entries(block.how ?? {})) {
    facts.push([name, Array.isArray(value) ? value.map(quoted).join(" ") : String(value)]);
  }
  return facts;
}

/** A word of a command as a shell would have to read it. */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
