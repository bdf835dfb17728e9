// Numbers, times and states as people read them. Pure.

const LARGE = ["", "K", "M", "B", "T"];

/** "1,200". Not by Intl: to load its tables takes a browser longer than to draw a chart. */
export function count(n) {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1.2K", for the ticks of an axis. */
export function compact(n) {
  let value = n;
  let unit = 0;
  while (Math.abs(value) >= 999.95 && unit < LARGE.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Math.round(value * 10) / 10}${LARGE[unit]}`;
}

/** "1 item", "1,200 items". */
export function counted(n, noun) {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

export function percent(part, whole) {
  if (!whole) return "0 %";
  const value = (100 * part) / whole;
  if (value > 0 && value < 1) return "< 1 %";
  if (value > 99 && value < 100) return "> 99 %";
  return `${Math.round(value)} %`;
}

export function rate(perSecond) {
  if (!perSecond) return "0 /s";
  if (perSecond >= 100) return `${count(perSecond)} /s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)} /s`;
  return perSecond * 60 >= 1 ? `${(perSecond * 60).toFixed(1)} /min` : `${(perSecond * 3600).toFixed(1)} /h`;
}

/** A length of time in two units at most. */
export function seconds(s) {
  if (s === null || s === undefined) return "–";
  if (s < 0.001) return s > 0 ? "< 1 ms" : "0 s";
  if (s < 0.9995) return `${Math.round(s * 1000)} ms`;
  if (s < 9.95) return `${s.toFixed(1)} s`;
  if (s < 59.5) return `${Math.round(s)} s`;
  const m = Math.round(s / 60);
  if (s < 600) return twoUnits(Math.round(s), 60, "min", "s");
  if (m < 60) return `${m} min`;
  if (m < 60 * 24) return twoUnits(m, 60, "h", "min");
  return twoUnits(Math.round(s / 3600), 24, "d", "h");
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The milliseconds of a length of time as settings have it: "15s", "1h30m"; 0 for what is none. */
export function lengthMs(text) {
  return [...String(text ?? "").matchAll(/(\d+)(ms|s|m|h|d)/g)].reduce((sum, [, n, unit]) => sum + n * UNITS[unit], 0);
}

function twoUnits(value, per, large, small) {
  const rest = value % per;
  return `${count(Math.floor(value / per))} ${large}${rest ? ` ${rest} ${small}` : ""}`;
}

/** Slot time: hours where there are some. */
export function slotHours(s) {
  return s >= 3600 * 10 ? `${count(s / 3600)} h` : seconds(s);
}

/** A time of day, with the date where it is not today's. */
export function clock(instant, now = null) {
  if (!instant) return "–";
  const at = new Date(instant);
  const date = dayOf(at);
  return now && date === dayOf(new Date(now)) ? timeOf(at) : `${date} ${timeOf(at)}`;
}

/** "23:59:59" of a Date, here. */
export function timeOf(at) {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(":");
}

/** "2026-11-28" of a Date, here. */
export function dayOf(at) {
  return [at.getFullYear(), twoDigits(at.getMonth() + 1), twoDigits(at.getDate())].join("-");
}

function twoDigits(n) {
  return String(n).padStart(2, "0");
}

/** At most so many characters, with a sign where some are left out. */
export function clip(text, most) {
  const characters = Array.from(text ?? "");
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}

/** What a payload of the API is as text, and whether it is one. */
export function payloadText(item) {
  if (item.payload !== undefined && item.payload !== null) return item.payload;
  if (item.payloadBase64) return `base64: ${item.payloadBase64}`;
  return "";
}

const STATE_WORDS = {
  ready: "ready",
  waiting: "waiting",
  paused: "paused",
  "results-full": "results full",
  "never-filled": "never filled",
  drained: "drained",
  incomplete: "incomplete",
  lost: "lost",
};

/** The state of a queue for people: what is ready, or waits for what is leased, runs if a worker has something of it. */
export function stateWord(state, leased) {
  if (leased > 0 && (state === "ready" || state === "waiting")) return "running";
  return STATE_WORDS[state] ?? state;
}

/** Whether more can happen in this state. */
export function isOver(state) {
  return state === "drained" || state === "lost" || state === "incomplete";
}
