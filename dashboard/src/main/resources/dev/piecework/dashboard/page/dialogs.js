// Asking before something is done, and saying what was done.
import { button, el } from "./dom.js";

/** Asks; the answer is null when it was not meant, else the text that was typed (empty without an input). */
export function askFirst({ title, text, confirm, danger = false, input = null }) {
  return new Promise((resolve) => {
    const field = input ? el("input", { type: "text", value: input.value, id: "dialog-input" }) : null;
    const form = el(
      "form",
      { method: "dialog", on: { submit: () => dialog.close("yes") } },
      el("h2", { id: "dialog-title" }, title),
      text ? el("p", {}, text) : null,
      field ? el("label", { for: "dialog-input" }, input.label) : null,
      field,
      el(
        "div",
        { class: "actions" },
        el("button", { type: "submit", class: danger ? "danger strong" : "strong" }, confirm),
        button("Cancel", () => dialog.close("no"))));
    const dialog = el("dialog", { "aria-labelledby": "dialog-title" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? field?.value ?? "" : null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Says one line at the page's foot, to those who look and to those who listen. */
export function say(text, bad = false) {
  let box = document.getElementById("said");
  if (!box) {
    box = el("div", { id: "said", role: "status" });
    document.body.append(box);
  }
  const line = el("p", { class: bad ? "said bad" : "said" }, bad ? `Not done: ${text}` : text);
  box.replaceChildren(line);
  clearTimeout(box.timer);
  box.timer = setTimeout(() => line.remove(), bad ? 20000 : 8000);
}

/** Speaks a changing sentence to screen readers, at most every ten seconds. */
export function speaker() {
  const region = el("p", { class: "unseen", "aria-live": "polite" });
  let last = 0;
  let timer = null;
  return {
    node: region,
    speak(text) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (region.textContent !== text) {
          region.textContent = text;
          last = performance.now();
        }
      }, Math.max(0, last + 10000 - performance.now()));
    },
  };
}
