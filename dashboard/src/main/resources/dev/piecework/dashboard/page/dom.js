// Making and changing elements. All text goes in as text nodes: nothing that comes from items is ever markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element. Attributes that are null or false are left out; `on` has listeners by event. */
export function el(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An element of a drawing. */
export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * Replaces what is in a node. Who is on a button or has opened a table stays where they are: what is
 * focused, open or scrolled is found again by its `data-key`.
 */
export function swap(node, ...children) {
  const active = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const open = new Map();
  const scrolled = new Map();
  for (const one of node.querySelectorAll("details[data-key]")) open.set(one.dataset.key, one.open);
  for (const one of node.querySelectorAll(".scroll[data-key]")) {
    scrolled.set(one.dataset.key, [one.scrollLeft, one.scrollTop]);
  }
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
  for (const one of node.querySelectorAll("[data-key]")) {
    const key = one.dataset.key;
    if (one.tagName === "DETAILS" && open.has(key)) one.open = open.get(key);
    if (scrolled.has(key)) [one.scrollLeft, one.scrollTop] = scrolled.get(key);
    if (active && key === active) one.focus({ preventScroll: true });
  }
}

/** Calls a function only when the value, as JSON, is another than at the call before; one of the same parts is the same. */
export function onChange(draw) {
  let parts;
  let before;
  return (value) => {
    if (parts !== undefined && sameParts(parts, value)) return;
    parts = value;
    const now = JSON.stringify(value);
    if (now === before) return;
    before = now;
    draw(value);
  };
}

function sameParts(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/**
 * A table. A column is [title, class or null]; a cell is a node or text. What is wider than the
 * screen scrolls within the table's own frame, which the keyboard reaches.
 */
export function table(label, columns, rows) {
  const body = rows.map((cells) =>
    el("tr", {}, ...cells.map((cell, i) => el("td", { class: columns[i][1] }, cell === null ? "–" : cell))));
  return frame(label, columns, el("tbody", {}, ...body));
}

function frame(label, columns, body) {
  const head = el("tr", {}, ...columns.map(([title, kind]) => el("th", { scope: "col", class: kind }, title)));
  return el(
    "div",
    { class: "scroll", role: "region", tabindex: "0", "aria-label": `Table: ${label}`, "data-key": `table ${label}` },
    el("table", {}, el("thead", {}, head), body));
}

/**
 * The same for many rows that change from second to second: only what says something else is touched.
 * A row is {key, cells}; a cell is text, null, or {text, make} where `make` gives a node for that text.
 */
export function keptTable(label, columns) {
  const body = el("tbody");
  let known = new Map();
  return {
    node: frame(label, columns, body),
    update(rows) {
      const before = known;
      known = new Map();
      for (const { key, cells } of rows) {
        const row = before.get(key) ?? newRow(columns);
        cells.forEach((cell, i) => say(row, i, cell));
        known.set(key, row);
      }
      const wanted = [...known.values()].map((row) => row.node);
      if (wanted.length !== body.children.length || wanted.some((node, i) => node !== body.children[i])) body.replaceChildren(...wanted);
    },
  };
}

function newRow(columns) {
  const cells = columns.map(([, kind]) => el("td", { class: kind }));
  return { node: el("tr", {}, ...cells), cells, said: [] };
}

function say(row, i, cell) {
  const text = cell?.text ?? cell ?? "–";
  if (row.said[i] === text) return;
  row.said[i] = text;
  row.cells[i].replaceChildren(cell?.make ? cell.make(text) : text);
}

/** What is behind a line that opens. */
export function details(summary, key, ...children) {
  return el("details", { "data-key": key }, el("summary", {}, summary), ...children);
}

/** Like details, but its content is made when it is opened, and again at each update while it is open. */
export function lazyDetails(summary, make) {
  const body = el("div");
  const node = el("details", {}, el("summary", {}, summary), body);
  let value;
  let drawn;
  const draw = () => {
    if (!node.open || value === undefined || drawn === value) return;
    drawn = value;
    swap(body, make(value));
  };
  node.addEventListener("toggle", draw);
  return {
    node,
    update(next) {
      value = next;
      draw();
    },
  };
}

/** A part of the page with its heading; what it shows goes into `body`. */
export function section(id, title, note = null) {
  const body = el("div", { class: "body" });
  const heading = el("h2", { id: `${id}-title` }, title);
  const hint = el("p", { class: "note" }, note ?? "");
  const node = el("section", { id, class: "card", "aria-labelledby": `${id}-title` }, heading, hint, body);
  hint.hidden = !note;
  return {
    node,
    body,
    say(text) {
      hint.textContent = text;
      hint.hidden = !text;
    },
  };
}

/**
 * Draws again when the width of a node changes, or the theme. At first that is when the browser has laid the page out
 * anyway: to ask it for a width before makes it do so for each drawing.
 */
export function redrawn(host, draw) {
  let width = 0;
  new ResizeObserver(() => {
    if (host.clientWidth === width || host.clientWidth === 0) return;
    width = host.clientWidth;
    draw(width);
  }).observe(host);
  document.addEventListener("themechange", () => width && draw(width));
  return () => {
    if (width) draw(width);
  };
}

/** A button. */
export function button(text, onClick, attributes = {}) {
  return el("button", { type: "button", ...attributes, on: { click: onClick } }, text);
}
