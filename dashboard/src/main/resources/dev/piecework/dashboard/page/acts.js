// What can be done to a queue from its page.
import { counted, clip } from "./format.js";
import { post, queuePath } from "./api.js";
import { askFirst, say } from "./dialogs.js";

/**
 * @param queue its name
 * @param writable whether the server takes changes
 * @param hooks `showGroup` shows items of a failure group, `refresh` reads the queue again
 */
export function actsOn(queue, writable, hooks) {
  async function change(verb, body, told) {
    try {
      const changed = await post(queuePath(queue, verb), body);
      say(told(changed));
      hooks.refresh();
    } catch (problem) {
      say(problem.message, true);
    }
  }

  return {
    writable,
    itemHref: (id) => `#/q/${encodeURIComponent(queue)}/item/${encodeURIComponent(id)}`,
    groupHref: (group, format) => `${queuePath(queue, "groups", group, "items")}?format=${format}`,
    resultsHref: (format) => `${queuePath(queue, "results")}?format=${format}`,
    showGroup: hooks.showGroup,
    requeue: (what) => change("requeue", what, (n) => `${counted(n, "item")} requeued.`),
    async drop(what, number, label) {
      const asked = await askFirst({
        title: `Drop ${counted(number, "dead item")}?`,
        text: `${clip(label, 160)}. They are removed from the queue for good, with their errors.`,
        confirm: `Drop ${counted(number, "item")}`,
        danger: true,
      });
      if (asked !== null) await change("drop", what, (n) => `${counted(n, "item")} dropped.`);
    },
    async pause() {
      const reason = await askFirst({
        title: "Pause the queue?",
        text: "Nothing is leased until it is resumed; attempts under way go on.",
        confirm: "Pause",
        input: { label: "Why (shown to everybody who looks)", value: "" },
      });
      if (reason !== null) await change("pause", { reason }, () => "Paused.");
    },
    resume: () => change("resume", {}, () => "Resumed."),
    async set(name, value) {
      const wanted = await askFirst({ title: `Change ${name}`, text: null, confirm: "Set", input: { label: name, value } });
      if (wanted !== null && wanted !== value) await change("set", { [name]: wanted }, () => `${name} is ${clip(wanted, 60)} now.`);
    },
  };
}
