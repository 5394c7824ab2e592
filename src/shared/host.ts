import { tryOrUndefined } from './try-or-undefined.ts';

const LOOPBACK = /^(https?:\/\/)?(([\w-]+\.)*localhost|127\.[\d.]+|\[::1\])([:/]|$)/i;

/** Whether a URL or bare host is this machine itself. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** A URL, a bare host, or a host with port and path, as an absolute URL without a trailing slash; undefined for none. */
export function normalizeHost(host: string): string | undefined {
  const scheme = host.includes('://') ? '' : isLoopback(host) ? 'http://' : 'https://';
  // Chromium takes a space in a host name.
  const url = /\s/.test(host) ? undefined : tryOrUndefined(() => new URL(scheme + host));
  return /^http.*[^/]/.exec(`${url?.origin}${url?.pathname}`)?.[0];
}
