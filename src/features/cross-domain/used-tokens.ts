import { tryOrUndefined } from '../../shared/try-or-undefined.ts';
import { TOKEN_LIFETIME, type Token } from './token.ts';

const KEY = 'utmost_arrived';

/** The most tokens that are remembered. More in two minutes is nobody's way of visiting. */
const KEPT = 50;

/**
 * Checks whether this origin sees the token for the first time. Remembers it for as long as it would be good. Where
 * storage is blocked nothing is remembered, and every time is the first.
 */
export function isFirstUse({ at, check }: Token, now: number): boolean {
  const remembered = (tryOrUndefined(() => localStorage.getItem(KEY)) ?? '').split(' ');
  const fresh = remembered.filter(entry => now - Number(entry.split('.')[0]) < TOKEN_LIFETIME);
  const entry = `${at}.${check}`;
  if (fresh.includes(entry)) return false;
  tryOrUndefined(() => localStorage.setItem(KEY, [...fresh, entry].slice(-KEPT).join(' ')));
  return true;
}

/** Forgets all tokens. */
export const forgetTokens = (): void => tryOrUndefined(() => localStorage.removeItem(KEY));
