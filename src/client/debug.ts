import { MINUTE, type Visit } from '../campaign/rules.ts';
import { toNumber } from '../identity/records.ts';
import { STATE, saveState } from '../identity/touches.ts';
import type { Context } from './dependencies.ts';

/** Reads what the page's address asks for: a digit or `panel`. */
export const readAskedDebug = (url: string): string | undefined =>
  /[?&]utmost_debug=(\d|panel)/.exec(url)?.[1];

/**
 * Reads what the page's address asks for, or an earlier one of the running session did: `1` for `debug`
 * (`?utmost_debug=1`), `panel` for the panel, `0` for neither. It is kept in the cookie that a page view reads anyway:
 * sessionStorage would cost each view more than all cookies.
 */
export function readDebug({ records, settings }: Context, { url, at }: Visit): unknown {
  const { debug, lastActivityAt } = { ...records.load(STATE) };
  const isInSession = at - toNumber(lastActivityAt) <= settings.sessionTimeout * MINUTE;
  const asked = readAskedDebug(url) ?? (isInSession ? debug : undefined);
  if (asked !== debug) saveState(records, { debug: asked });
  return asked;
}

/** Ends what an earlier page of the session was asked for. */
export function forgetDebug(context: Context | undefined): void {
  if (!context?.records.load(STATE)?.debug) return;
  context.debug = undefined;
  saveState(context.records, { debug: undefined });
}
