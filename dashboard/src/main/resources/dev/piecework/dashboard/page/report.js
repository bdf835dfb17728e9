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
try {
  deadItems(dead, block, await unpacked("dead-items"));
} catch (problem) {
  dead.say(`This browser cannot unpack the dead items that are in this file: ${problem.message}`);
}
document.documentElement.dataset.ready = "true";

/** JSON that was packed, so that the file can be mailed: base64 of gzip. */
async function unpacked(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}
