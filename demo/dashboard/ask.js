/** Milliseconds that an answer may take. */
const LIMIT = 15_000;

/** The collector wants to know who is reading. */
export class SignInError extends Error {}

/**
 * Fetches from the collector. Returns undefined for what it does not have, and rejects with a sentence where it does not
 * answer.
 */
export async function ask(path, options = {}) {
  const response = await send(path, options);
  if (response.status === 401) throw new SignInError('Sign in to read what is stored.');
  if (response.status === 404) return undefined;
  const body = await response.json().catch(explain);
  if (!response.ok) throw new Error(body.error);
  return body;
}

/** Sends a request that is given up after a time. */
export const send = (path, options) =>
  fetch(path, {
    headers: { Accept: 'application/json' },
    ...options,
    signal: AbortSignal.timeout(LIMIT),
  }).catch(explain);

function explain(error) {
  if (error.name === 'TimeoutError')
    throw new Error(`The collector has not answered within ${LIMIT / 1000} seconds.`);
  if (error instanceof SyntaxError) throw new Error('The answer is none of the collector’s.');
  throw new Error('The collector can not be reached.');
}
