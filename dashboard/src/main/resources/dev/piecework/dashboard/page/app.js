// The live page: the list of queues, or one queue, by what is after the # of the address.
import { addressOf, firstAbout } from "./first.js";
import { el } from "./dom.js";
import { get } from "./api.js";
import { liveQueue } from "./live.js";
import { queuesView } from "./queues.js";
import { themeSwitch } from "./theme.js";

const main = document.getElementById("main");
const where = el("nav", { class: "where", "aria-label": "Where you are" });
const light = el("span", { class: "light", role: "img" });
const word = el("span", { class: "word" });
const connection = {
  say(state, text = state) {
    light.className = `light ${state}`;
    light.setAttribute("aria-label", state === "live" ? "connected" : "not connected");
    word.textContent = text;
  },
};
document.getElementById("top").append(
  el("a", { class: "brand", href: "#/" }, "Piecework"),
  where,
  el("span", { class: "grow" }),
  el("span", { class: "connection" }, light, word),
  el("label", { class: "theme" }, "Theme ", themeSwitch()));

let asked = firstAbout;
let about = null;
let current = null;
let shown = null;

async function route() {
  const { queue, item } = addressOf(location.hash);
  about ??= await asked().catch((problem) => {
    connection.say("broken", problem.message);
    asked = () => get("api/about");
    return null;
  });
  if (current === null || shown !== queue) {
    current?.stop();
    shown = queue;
    document.title = queue === null ? "Piecework" : `${queue} – Piecework`;
    where.replaceChildren(...(queue === null ? [] : [el("a", { href: "#/" }, "Queues"), " › ", el("span", { class: "mono" }, queue)]));
    current = queue === null ? queuesView(connection) : liveQueue(queue, about !== null && !about.readOnly, connection);
    main.replaceChildren(current.node);
  }
  if (queue !== null && item !== null) current.showItem(item);
  document.documentElement.dataset.ready = "true";
}

// What is after the # is an address of ours, so this link may not change it.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
connection.say("waiting", "connecting …");
addEventListener("hashchange", route);
route();
