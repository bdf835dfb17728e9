// One item by its id or payload, with its whole life; and the dead items of a failure group, a page at a time.
import { button, el, swap, table } from "./dom.js";
import { get, queuePath } from "./api.js";
import { itemTable } from "./dead.js";
import { clip, clock, count, counted, payloadText, seconds } from "./format.js";
import { itemLink } from "./stragglers.js";

const PAGE = 100;

export function finder(part, queue, acts) {
  const input = el("input", { type: "search", name: "text", required: true });
  const by = el("select", { name: "by" }, el("option", { value: "id" }, "id"), el("option", { value: "payload" }, "payload"));
  const result = el("div", { "aria-live": "polite" });
  const form = el(
    "form",
    { class: "form", role: "search", on: { submit: (event) => {
      event.preventDefault();
      if (by.value === "payload") byPayload(input.value);
      else location.hash = acts.itemHref(input.value);
      if (by.value === "id" && location.hash === acts.itemHref(input.value)) showItem(input.value);
    } } },
    el("label", {}, "Find an item by ", by),
    el("label", { class: "grow" }, "which is ", input),
    el("button", { type: "submit", class: "strong" }, "Find"));
  part.body.append(form, result);

  async function shown(make) {
    result.setAttribute("aria-busy", "true");
    try {
      swap(result, ...(await make()));
    } catch (problem) {
      swap(result, el("p", { class: "trouble" }, problem.message));
    }
    result.removeAttribute("aria-busy");
  }

  const showItem = (id) => shown(async () => [life(await get(itemPath(queue, id)), acts, () => showItem(id))]);

  const byPayload = (text) => shown(() => search(text, [], null));

  /** Each page reads a part of the items, so there may be none on one that is not the last. */
  async function search(text, before, after) {
    const cursor = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page = await get(`${queuePath(queue, "items")}?payload=${encodeURIComponent(text)}${cursor}`);
    const items = [...before, ...page.items];
    const found = items.length === 0 ? "No item with just this payload" : `${counted(items.length, "item")} with just this payload`;
    return [
      el("p", { class: "note" }, page.next === null ? `${found}; all were looked through.` : `${found} among those looked through so far.`),
      ...items.map((item) => life(item, acts, () => byPayload(text))),
      page.next === null ? null : next("Look further", () => search(text, items, page.next)),
    ];
  }

  /** A cursor is good for once, and not for ever: what went wrong stands where the items were. */
  function next(label, make) {
    return button(label, () => shown(make), { "data-key": "next" });
  }

  async function showGroup(group) {
    part.node.scrollIntoView();
    const rows = [];
    await shown(() => more(null));
    async function more(after) {
      const cursor = after === null ? "" : `&after=${encodeURIComponent(after)}`;
      const page = await get(`${queuePath(queue, "items")}?state=dead&group=${encodeURIComponent(group.id)}&limit=${PAGE}${cursor}`);
      rows.push(...page.items);
      return [
        el("h3", { class: "mono" }, clip(group.cause, 120)),
        el("p", { class: "note" }, page.next === null
          ? `All ${counted(rows.length, "dead item")} of this group.`
          : `The first ${count(rows.length)} of about ${counted(group.dead, "dead item")} of this group.`),
        itemTable("Dead items of the group", rows, (id) => itemLink(id, acts)),
        page.next === null ? null : next("Show more", () => more(page.next)),
      ];
    }
  }

  return {
    showGroup,
    showItem(id) {
      input.value = id;
      by.value = "id";
      part.node.scrollIntoView();
      return showItem(id);
    },
  };
}

/** A path cannot hold every id: servers refuse an escaped slash in one. */
function itemPath(queue, id) {
  return `${queuePath(queue, "items")}?id=${encodeURIComponent(id)}`;
}

/** All that is known of one item. */
function life(item, acts, again) {
  const pairs = [
    ["item", item.id ?? "none yet: it was never leased"],
    ["state", item.state],
    ["attempts", `${count(item.attempts)} begun, ${count(item.failed ?? 0)} failed, ${count(item.losses ?? 0)} lost with workers`],
  ];
  if (item.worker) pairs.push(["worker", item.worker]);
  if (item.ageSeconds !== null && item.ageSeconds !== undefined) {
    pairs.push(item.ageSeconds < 0 ? ["due in", seconds(-item.ageSeconds)] : ["for", seconds(item.ageSeconds)]);
  }
  const dead = item.state === "dead" && acts.writable;
  return el(
    "article",
    { class: "item" },
    el("dl", { class: "pairs" }, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", { class: "mono" }, value)])),
    labelled("Payload", payloadText(item)),
    item.error ? labelled("Error", item.error) : null,
    item.history?.length ? el("h3", {}, "Past attempts") : null,
    item.history?.length
      ? table(
        `Past attempts of ${clip(item.id, 40)}`,
        [["attempt", "right"], ["ended", null], ["how", null], ["worker", null], ["what it said", "wide"]],
        item.history.map((past) => [past.attempt, clock(past.endedAt), past.end, el("span", { class: "mono" }, clip(past.worker, 40)),
          past.text ? el("pre", { class: "text" }, past.text) : null]))
      : null,
    dead
      ? el(
        "div",
        { class: "actions" },
        button("Requeue", async () => {
          await acts.requeue({ id: item.id });
          again();
        }),
        button("Drop …", () => acts.drop({ id: item.id }, 1, `Item ${item.id}`), { class: "danger" }))
      : null);
}

function labelled(title, text) {
  return el("div", {}, el("h3", {}, title), el("pre", { class: "text", tabindex: "0", "aria-label": title }, text));
}
