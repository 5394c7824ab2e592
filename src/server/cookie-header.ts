/**
 * Lists the values of a cookie, in the order of the request's `Cookie` header. Anything that is no text has none.
 * The browser puts the cookie that counts for its page first.
 */
export const cookieValues = (header: unknown, name: string): string[] =>
  (typeof header === 'string' ? header : '')
    .split(/;\s*/)
    .filter(pair => pair.startsWith(`${name}=`))
    .map(pair => pair.slice(name.length + 1));
