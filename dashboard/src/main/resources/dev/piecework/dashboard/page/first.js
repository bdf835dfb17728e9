// What the page shows first, asked for before anything is drawn: it is on its way meanwhile.
import { get, queuePath } from "./api.js";

/** What an address says after its #: which queue, and which item of it; null where none. Pure. */
export function addressOf(hash) {
  const parts = hash.replace(/^#\/?/, "").split("/");
  if (parts[0] !== "q" || !parts[1]) return { queue: null, item: null };
  try {
    return {
      queue: decodeURIComponent(parts[1]),
      item: parts[2] === "item" && parts[3] ? decodeURIComponent(parts[3]) : null,
    };
  } catch {
    return { queue: null, item: null }; // An address with half an escape is none of ours.
  }
}

const { queue } = addressOf(location.hash);
const about = get("api/about");
let block = queue === null || document.hidden ? null : get(queuePath(queue));
// Whoever takes an answer looks at what went wrong; nobody may come for it.
for (const answer of [about, block]) answer?.catch(() => {});

/** What the server is. */
export function firstAbout() {
  return about;
}

/** The block that was asked for, once and if it is of this queue; else null. */
export function firstBlock(wanted) {
  const taken = wanted === queue ? block : null;
  block = null;
  return taken;
}
