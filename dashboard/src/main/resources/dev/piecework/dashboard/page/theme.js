// Light, dark, or what the system says; kept for this browser where it lets us.
import { el } from "./dom.js";

const KEY = "piecework-theme";

function stored() {
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto"; // A file opened from disk may have no storage.
  }
}

function apply(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event("themechange"));
}

/** The switch; what was chosen before holds at once. */
export function themeSwitch() {
  const select = el(
    "select",
    {
      "aria-label": "Theme",
      on: {
        change: () => {
          try {
            localStorage.setItem(KEY, select.value);
          } catch {
            // It holds for this visit.
          }
          apply(select.value);
        },
      },
    },
    el("option", { value: "auto" }, "Auto"),
    el("option", { value: "light" }, "Light"),
    el("option", { value: "dark" }, "Dark"));
  select.value = stored();
  apply(select.value);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    document.dispatchEvent(new Event("themechange")));
  return select;
}

/** The value of a colour of the page now, for what is drawn on a canvas. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
