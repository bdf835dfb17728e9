// Failure groups: failed attempts of one cause, with what can be done about all of them.
import { button, details, el, onChange, swap } from "./dom.js";
import { clip, clock, count, counted } from "./format.js";
import { itemLink } from "./stragglers.js";

const MOST_CAUSES = 200;
const WORKERS_SHOWN = 5;

export function groups(part, acts) {
  const draw = onChange(({ list, dead }) => {
    if (list.length === 0) {
      swap(part.body, el("p", { class: "quiet" }, "No attempt has failed."));
      return;
    }
    const ofGroups = list.reduce((sum, group) => sum + group.dead, 0);
    const most = Math.max(...list.map((group) => group.attempts));
    swap(
      part.body,
      el("p", { class: "note", id: "groups-say" }, says(list, ofGroups, dead)),
      el("ul", { class: "groups" }, ...list.map((group) => card(group, most, acts))));
  });
  return { node: part.node, update: (block) => draw({ list: block.groups, dead: block.counts.dead, now: block.now.slice(0, 10) }) };
}

function says(list, ofGroups, dead) {
  const parts = [`${counted(list.length, "cause")}, most failed attempts first.`];
  if (list.length > MOST_CAUSES) parts.push(`A run keeps ${MOST_CAUSES} causes; those after them are counted together, as the last one.`);
  if (dead !== ofGroups) parts.push(`${count(dead)} items are dead, ${count(ofGroups)} of them in these groups.`);
  return parts.join(" ");
}

function card(group, most, acts) {
  const meter = el("span", { class: "fill failed" });
  meter.style.width = `${Math.max(1, (100 * group.attempts) / most)}%`;
  const workers = Object.entries(group.workers).slice(0, WORKERS_SHOWN);
  return el(
    "li",
    { class: "group", "data-group": group.id },
    el(
      "div",
      { class: "group-head" },
      el("h3", { class: "mono cause" }, clip(group.cause, 200)),
      el(
        "p",
        { class: "group-counts" },
        el("b", { "data-value": "attempts" }, count(group.attempts)), ` failed attempt${group.attempts === 1 ? "" : "s"}, `,
        el("b", { "data-value": "dead" }, count(group.dead)), ` dead now · group ${group.id}`)),
    el("div", { class: "meter", "aria-hidden": "true" }, meter),
    el("p", { class: "group-facts" }, `First ${clock(group.first)}, last ${clock(group.last)}. On `,
      ...workers.flatMap(([worker, n], i) => [i ? ", " : "", el("span", { class: "mono" }, clip(worker, 40)), ` ${count(n)} ×`]), "."),
    details(
      "Example",
      `example ${group.id}`,
      el("p", { class: "note" }, "Item ", itemLink(group.exampleId, acts)),
      el("pre", { class: "text", tabindex: "0", "aria-label": `Error of item ${clip(group.exampleId, 60)}` }, group.example)),
    acts ? groupButtons(group, acts) : null);
}

function groupButtons(group, acts) {
  const about = clip(group.cause, 60);
  const none = group.dead === 0;
  return el(
    "div",
    { class: "actions" },
    acts.writable
      ? button("Requeue", () => acts.requeue({ group: group.id }), {
        "data-key": `requeue ${group.id}`, "aria-label": `Requeue the dead items of ${about}`, disabled: none,
      })
      : null,
    acts.writable
      ? button("Drop …", () => acts.drop({ group: group.id }, group.dead, group.cause), {
        class: "danger", "data-key": `drop ${group.id}`, "aria-label": `Drop the dead items of ${about}`, disabled: none,
      })
      : null,
    none ? null : el("a", { class: "button", href: acts.groupHref(group.id, "csv"), download: true, "data-key": `csv ${group.id}`,
      "aria-label": `Export the dead items of ${about} as CSV` }, "Export CSV"),
    none ? null : el("a", { class: "button", href: acts.groupHref(group.id, "jsonl"), download: true, "data-key": `jsonl ${group.id}`,
      "aria-label": `Export the dead items of ${about} as JSON lines` }, "JSON lines"),
    none ? null : button("Show items", () => acts.showGroup(group), { "data-key": `show ${group.id}`, "aria-label": `Show the dead items of ${about}` }));
}
