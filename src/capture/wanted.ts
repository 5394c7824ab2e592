/** Addresses at which people sign in, without their protocol. */
const SIGN_IN =
  /\/(log-?in|sign-?in|oauth2?|token|passw(or)?d|authenticate)(?=[/.;]|$)|^(identitytoolkit|securetoken)\.googleapis\.com\//i;

/** Checks whether people sign in at an address. */
export const isSignIn = ({ hostname, pathname }: URL): boolean => SIGN_IN.test(hostname + pathname);

/** Checks whether a list has an address: by its `host`, `host/path`, `/path` or `*`. */
function has(list: readonly string[], { hostname, pathname }: URL): boolean {
  const address = `.${hostname}${pathname}/`.toLowerCase();
  return list.some(entry => {
    const part = entry.toLowerCase().replace(/^https?:\/\/|\/$/g, '');
    const index = address.indexOf(`${part[0] === '/' ? '' : '.'}${part}/`);
    // What is only found within the path is another site's.
    return part === '*' || (!!part && index >= 0 && index <= hostname.length + 1);
  });
}

/** Checks whether calls to an address are recorded, on a site of that registrable domain. */
export const isWanted = (
  url: URL,
  site: string,
  { include = [], exclude = [] }: { include?: readonly string[]; exclude?: readonly string[] },
): boolean =>
  /^http/.test(url.protocol) &&
  !has(exclude, url) &&
  (!isSignIn(url) || exclude.includes('!sign-in')) &&
  has([site, ...include], url);
