import type { Outcome } from './outcome.ts';

/** Says on the console what the site's owner can mend: each update that is lost, and once what else keeps them all back. */
export function createWarnings(): (outcome: Outcome) => void {
  const said = new Set<string>();
  return ({ status, reason = '', message, retryAfter }) => {
    const isFault = retryAfter === Infinity || ['redirected', 'not-the-api'].includes(reason);
    if (status !== 'dropped' && (!isFault || said.has(reason))) return;
    if (isFault) said.add(reason);
    console.warn('utmost:', `an update is ${status}: ${message}`);
  };
}
