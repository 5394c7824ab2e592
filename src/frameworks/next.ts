import { createElement, type ReactElement } from 'react';
import type { Options } from 'utmost';
import { UtmostProvider } from 'utmost/react';
import { createRelay, type Relay, type RelayOptions } from 'utmost/relay';
import { readVisitor as readHeader, type StoredVisitor, type VisitorOptions } from 'utmost/server';

/** The options of `init`, without functions: those cannot pass from a server component to the page. */
export type UtmostScriptProps = Omit<Options, 'onDelivery'>;

/**
 * Begins tracking in the page, from a layout that is a server component: `<UtmostScript relay="/t" />`. It renders
 * nothing. The client comes with the app's own scripts, so that the functions of `utmost` are those of this client.
 */
export function UtmostScript(options: UtmostScriptProps): ReactElement {
  return createElement(UtmostProvider, { options });
}

/** The methods of a route handler. */
export interface RelayRoute {
  POST: Relay;
  OPTIONS: Relay;
}

/**
 * Makes the route handler of the relay, for `app/t/v1/[...path]/route.ts`.
 *
 * @param options Those of `createRelay`. On Vercel, the default of `trustProxy` is its header `x-real-ip`.
 * @returns The methods to export: `export const { POST, OPTIONS } = createRelayRoute(options)`.
 * @throws TypeError with a sentence that tells the fix: an option is wrong.
 */
export function createRelayRoute(options: RelayOptions): RelayRoute {
  const { process } = globalThis as { process?: { env: Record<string, string | undefined> } };
  const vercel = process?.env.VERCEL ? 'x-real-ip' : undefined;
  const relay = createRelay({ ...options, trustProxy: options.trustProxy ?? vercel });
  return { POST: relay, OPTIONS: relay };
}

/** The part of Next.js's `cookies()` and `request.cookies` that is read. */
export interface CookieStore {
  getAll(): readonly { name: string; value: string }[];
}

/**
 * Reads what a request's cookies say of its visitor, as `readVisitor` of `utmost/server` does.
 *
 * @param cookies What `cookies()` of `next/headers` returns, awaited or not, or the `cookies` of a request.
 * @param options Those that the page is given.
 * @returns The visitor. Without any cookie of ours, `consent` alone.
 */
export async function readVisitor(
  cookies: CookieStore | Promise<CookieStore>,
  options?: VisitorOptions,
): Promise<StoredVisitor> {
  const store = await cookies;
  // Encoded again, as Next.js has decoded them: a semicolon in a value would begin another cookie.
  const header = store.getAll().map(({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  return readHeader(header.join('; '), options);
}
