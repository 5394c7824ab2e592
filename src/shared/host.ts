import { tryOrUndefined } from './try-or-undefined.ts';

const LOOPBACK = /^(https?:\/\/)?(([\w-]+\.)*localhost|127\.[\d.]+|\[::1\])([:/]|$)/i;

/** Checks whether a URL or bare host is this machine itself. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/**
 * Makes an absolute URL without a trailing slash of a URL, a bare host, or a host with port and path. Returns
 * undefined for anything else.
 */
export function normalizeHost(host: string): string | undefined {
  const scheme = host.includes('://') ? '' : isLoopback(host) ? 'http://' : 'https://';
  // Chromium accepts a space in a host name.
  const url = /\s/.test(host) ? undefined : tryOrUndefined(() => new URL(scheme + host));
  return /^http.*[^/]/.exec(`${url?.origin}${url?.pathname}`)?.[0];
}
