// The dead items of a report: a page of them at a time, and those with a text in them.
import { button, el, swap, table } from "./dom.js";
import { clip, count, counted, payloadText } from "./format.js";

const PAGE = 100;

/** What is shown of each dead item; the report writer has cut long texts short and says so. */
export function deadItems(part, block, dead) {
  const list = el("div");
  const input = el("input", { type: "search", placeholder: "id, payload, error or worker", on: { input: () => draw(PAGE) } });
  const group = el("select", { on: { change: () => draw(PAGE) } }, el("option", { value: "" }, "all groups"),
    ...block.groups.filter((one) => one.dead > 0).map((one) => el("option", { value: one.id }, `${one.id} ${clip(one.cause, 60)}`)));
  const texts = dead.map((item) => `${item.id}\n${payloadText(item)}\n${item.error ?? ""}\n${item.worker ?? ""}`.toLowerCase());

  function draw(most) {
    const wanted = input.value.toLowerCase();
    const found = dead.filter((item, i) => (!group.value || item.group === group.value) && texts[i].includes(wanted));
    const shown = found.slice(0, most);
    swap(
      list,
      el("p", { class: "note" }, found.length === 0 ? "None of them." : `${count(shown.length)} of ${counted(found.length, "item")} shown.`),
      shown.length === 0 ? null : itemTable("Dead items", shown, null),
      shown.length < found.length ? button("Show more", () => draw(most + 10 * PAGE), { "data-key": "more dead" }) : null);
  }

  if (dead.length === 0) {
    part.body.append(el("p", { class: "quiet" }, "No item is dead."));
    return;
  }
  const missing = block.deadTotal - dead.length;
  const cut = `Payloads and errors are shown up to ${block.deadTextCutAfter} characters.`;
  part.say(cut);
  if (missing > 0) part.say(`${cut} This report has ${count(dead.length)} of ${counted(block.deadTotal, "dead item")}; the other ${count(missing)} are in the queue.`);
  part.body.append(
    el("div", { class: "form" }, el("label", {}, "Find ", input), el("label", {}, "Group ", group)),
    list);
  draw(PAGE);
}

/** Items as rows; with a link to each where `link` makes one of an id. */
export function itemTable(label, items, link) {
  return table(
    label,
    [["item", null], ["payload", "wide"], ["attempts", "right"], ["worker", null], ["error", "wide"]],
    items.map((item) => [
      link ? link(item.id) : el("span", { class: "mono" }, clip(item.id, 60)),
      el("span", { class: "mono" }, clip(payloadText(item), 200)),
      count(item.attempts),
      item.worker ? el("span", { class: "mono" }, clip(item.worker, 40)) : null,
      item.error ? el("span", { class: "mono" }, clip(item.error, 300)) : null,
    ]));
}
