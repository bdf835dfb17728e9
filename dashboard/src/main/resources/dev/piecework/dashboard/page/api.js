// The server's addresses, below the folder that the page came from.

/** What the server answered instead of what was asked for; the message is one line for people. */
export class ServerError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function queuePath(queue, ...more) {
  return ["api/queues", encodeURIComponent(queue), ...more.map(encodeURIComponent)].join("/");
}

async function answer(response) {
  const text = await response.text();
  let value = null;
  try {
    value = text === "" ? null : JSON.parse(text);
  } catch {
    // What is not JSON is not from our server, or is an error of its own making.
  }
  if (!response.ok) {
    if (response.status === 401) throw new ServerError(401, "Not let in: open the address again that 'piecework ui' printed.");
    throw new ServerError(response.status, value?.error ?? `The server answered ${response.status}.`);
  }
  return value;
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch {
    throw new ServerError(0, "The server does not answer: has 'piecework ui' ended?");
  }
  return answer(response);
}

export function get(path) {
  return ask(path, {});
}

/** Changes something; answers how many items were changed. */
export async function post(path, body = {}) {
  const value = await ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  return value?.changed ?? 0;
}
