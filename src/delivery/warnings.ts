import type { Outcome } from './outcome.ts';

/**
 * Warns on the console of what the site's owner can mend. Each lost update is reported. A fault that keeps all
 * updates back is reported once.
 */
export function createWarnings(): (outcome: Outcome) => void {
  const said = new Set<string>();
  return ({ status, reason = '', message, retryAfter }) => {
    const isFault = retryAfter === Infinity || ['redirected', 'not-the-api'].includes(reason);
    if (status !== 'dropped' && (!isFault || said.has(reason))) return;
    if (isFault) said.add(reason);
    console.warn('utmost:', `an update is ${status}: ${message}`);
  };
}
