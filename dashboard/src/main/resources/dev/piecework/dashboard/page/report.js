// A report: the same parts from the block that is in this file. It asks nobody for anything.
import { el, section } from "./dom.js";
import { deadItems } from "./dead.js";
import { clock } from "./format.js";
import { themeSwitch } from "./theme.js";
import { queueView } from "./view.js";

const block = JSON.parse(document.getElementById("block").textContent);
document.title = `${block.queue} – Piecework report`;
document.getElementById("top").append(
  el("span", { class: "brand" }, "Piecework"),
  el("span", { class: "where" }, `report of ${clock(block.now)}`),
  el("span", { class: "grow" }),
  el("label", { class: "theme" }, "Theme ", themeSwitch()));
const dead = section("dead", "Dead items");
const view = queueView(null, null, dead.node);
document.getElementById("main").append(view.node);
view.update(block);
deadItems(dead, block);
document.documentElement.dataset.ready = "true";
