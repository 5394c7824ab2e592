// What a page's code sees of its calls, in its order, as data that can be compared.

const toHex = bytes => [...new Uint8Array(bytes)].map(byte => byte.toString(16).padStart(2, '0')).join('');

/** Tells an error as a page meets it. Its stack is nobody's business. */
const tellError = error => ({
  error: error.constructor?.name,
  name: error.name,
  message: error.message,
  code: error.code,
  status: error.status,
});

/** Tells a progress event, of `XMLHttpRequest` or of a client. */
const tellEvent = ({ type, loaded, total, lengthComputable }) => ({ type, loaded, total, lengthComputable });

const isA = (value, name) => Object.prototype.toString.call(value) === `[object ${name}]`;

/** Returns a value as data. */
function tell(value) {
  if (value instanceof Error || isA(value, 'DOMException')) return tellError(value);
  if (value instanceof Event) return tellEvent(value);
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return toHex(value.buffer ?? value);
  if (isA(value, 'Headers')) return [...value];
  if (Array.isArray(value)) return value.map(tell);
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, tell(each)]));
  return typeof value === 'function' ? 'a function' : value;
}

/** Tells a Response, and then its bytes. */
export async function tellResponse(add, response) {
  const { status, statusText, url, type, redirected, ok, bodyUsed, headers } = response;
  add('response', { status, statusText, url, type, redirected, ok, bodyUsed, headers });
  add('object', [isA(response, 'Response'), response.constructor === Response, Object.keys(response)]);
  add('bytes', await response.arrayBuffer().catch(error => error));
  add('body used', response.bodyUsed);
}

/** Milliseconds after which a call is told as one whose end a page does not hear of. */
const NO_END = 3000;

export const sleep = (milliseconds, value) =>
  new Promise(resolve => setTimeout(resolve, milliseconds, value));

/** Counts the turns of the microtask queue until a promise is settled, up to a limit. */
export async function ticksOf(promise, limit = 50) {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  promise.then(settle, settle);
  for (let ticks = 0; ticks < limit; ticks++) {
    if (isSettled) return ticks;
    await undefined;
  }
  return 'in a later task';
}

const clients = {};

/** Adds a client, and what is called by it, by the name of each case. */
export function client(name, cases) {
  clients[name] = cases;
}

window.listCases = () =>
  Object.entries(clients).flatMap(([name, cases]) => Object.keys(cases).map(each => [name, each]));

/** Plays a case, and returns the log of what the page's code has seen. */
window.play = async (name, each) => {
  const log = [];
  const add = (what, value) => log.push(value === undefined ? [what] : [what, tell(value)]);
  const end = new AbortController();
  const listen = type =>
    addEventListener(type, event => add(type, event.reason ?? event.error), { signal: end.signal });
  listen('error');
  listen('unhandledrejection');
  // Where the case stands, as seen from the page's other code.
  queueMicrotask(() => add('next microtask'));
  setTimeout(() => add('next task'));
  try {
    add('result', await Promise.race([clients[name][each](add), sleep(NO_END, 'no end')]));
  } catch (error) {
    add('thrown', error);
  }
  // What comes late is seen, too.
  await sleep(60);
  end.abort();
  return log;
};
