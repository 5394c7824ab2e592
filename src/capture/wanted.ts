/** Addresses at which people sign in. */
const SIGN_IN =
  /\/(log-?in|sign-?in|oauth2?|token|password|passwd|authenticate)(?=[/.;]|$)|^(identitytoolkit|securetoken)\.googleapis\.com\//i;

/** Checks whether people sign in at an address. */
export const isSignIn = ({ hostname, pathname }: URL): boolean =>
  SIGN_IN.test(pathname) || SIGN_IN.test(hostname + pathname);

const isOfHost = (hostname: string, host: string) => hostname === host || hostname.endsWith(`.${host}`);

/** Checks whether a list has an address: by its `host`, `host/path`, `/path` or `*`. */
function has(list: readonly string[], { hostname, pathname }: URL): boolean {
  return list.some(entry => {
    const [, host = '', path = ''] = /^(?:https?:\/\/)?([^/]*)(.*?)\/?$/i.exec(entry) ?? [];
    const isHost = host === '*' || (host ? isOfHost(hostname, host.toLowerCase()) : !!path);
    return isHost && `${pathname}/`.startsWith(`${path}/`);
  });
}

/** Checks whether calls to an address are recorded, on a site of that registrable domain. */
export function isWanted(
  url: URL,
  site: string,
  { include = [], exclude = [] }: { include?: readonly string[]; exclude?: readonly string[] },
): boolean {
  if (!/^https?:$/.test(url.protocol)) return false;
  if (has(exclude, url) || (isSignIn(url) && !exclude.includes('!sign-in'))) return false;
  return isOfHost(url.hostname, site) || has(include, url);
}
