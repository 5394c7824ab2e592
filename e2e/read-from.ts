import type { Demo } from '../demo/server.ts';

/** Reads from the demo's collector, with the secret for it. */
export const readFrom = (demo: Demo, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(demo.url(path), { ...init, headers: { Authorization: `Bearer ${demo.readToken}`, ...init.headers } });
