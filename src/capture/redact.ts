import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/** What stands in place of a secret. */
export const REDACTED = '_redacted_';

/** The most query parameters that the API takes. */
const MAX_PARAMETERS = 500;

const SECRETS =
  'pass* *password* *passwd* *secret* *token authorization proxyauthorization card* creditcard* cvv cvc ssn iban pin otp apikey xapikey';
const HEADERS = 'cookie setcookie';
const PARAMETERS = 'code key sig signature xamz*';

const EMAIL = /[^\s@/=:]+(@|%(25)*40)[^\s@%./]+\.[^\s@/]+/gi;
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** Rules of what is a secret, by the name of a value. */
export interface Redaction {
  isSecretKey(name: string): boolean;
  isSecretHeader(name: string): boolean;
  isSecretParameter(name: string): boolean;
}

/** `X-CSRF-Token`, `csrf_token` and `csrfToken` are one name. */
const normalize = (name: string) => name.toLowerCase().replace(/[-_\s]/g, '');

/** Makes the rules: the lists of this file, names added, and `!name` taken off. */
export function createRedaction(given: readonly string[] = []): Redaction {
  const names = given.map(normalize);
  const matcher = (list: string) => {
    const rules = [...list.split(' '), ...names].filter(
      name => name && name[0] !== '!' && !names.includes(`!${name}`),
    );
    const escaped = rules.map(rule => rule.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*'));
    const pattern = RegExp(`^(${escaped.join('|')})$`);
    return (name: string) => pattern.test(normalize(name));
  };
  return {
    isSecretKey: matcher(SECRETS),
    isSecretHeader: matcher(`${SECRETS} ${HEADERS}`),
    isSecretParameter: matcher(`${SECRETS} ${PARAMETERS}`),
  };
}

/** Redacts e-mail addresses and JSON web tokens, as part of an address. */
const redactValue = (text: string) => text.replace(EMAIL, REDACTED).replace(TOKEN, REDACTED);

/** Decodes as a form does. */
const decode = (text: string) => tryOrUndefined(() => decodeURIComponent(text.replace(/\+/g, ' '))) ?? text;

/**
 * Redacts the values of secret parameters in a query or an encoded form. What is no secret stays as it was written.
 * `redactRest` treats the values of all other ones.
 */
function redactPairs(query: string, isSecret: (name: string) => boolean, redactRest = redactValue): string {
  const pairs = query.split('&', MAX_PARAMETERS).map(pair => {
    const end = pair.indexOf('=');
    // `user[password]` is a password.
    const names = decode(end < 0 ? pair : pair.slice(0, end)).split(/[[\].]+/);
    return end >= 0 && names.some(isSecret) ? pair.slice(0, end + 1) + REDACTED : redactRest(pair);
  });
  return pairs.join('&');
}

/** Returns an address without credentials and fragment, its secrets redacted. */
export function redactUrl(address: string, { isSecretParameter }: Redaction): string {
  const url = new URL(address);
  url.username = url.password = url.hash = '';
  url.pathname = redactValue(url.pathname);
  if (url.search) url.search = redactPairs(url.search.slice(1), isSecretParameter);
  return url.href;
}

/** Redacts an encoded form. */
export const redactForm = (text: string, { isSecretKey }: Redaction): string =>
  redactPairs(text, isSecretKey, pair => pair);

/** Returns the headers that are recorded, by lower-case names. */
export function redactHeaders(
  headers: Record<string, string>,
  kept: 'redacted' | 'none' | readonly string[],
  { isSecretHeader }: Redaction,
): Record<string, string> {
  if (kept === 'none') return {};
  const names = typeof kept === 'string' ? undefined : kept.map(name => name.toLowerCase());
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => names?.includes(name.toLowerCase()) ?? true)
      .map(([name, value]) => [name, isSecretHeader(name) ? REDACTED : value]),
  );
}

/** Parses JSON, with secrets redacted at any depth. Throws for anything else. */
export const parseRedacted = (text: string, { isSecretKey }: Redaction): unknown =>
  JSON.parse(text, (key, value) => (isSecretKey(key) ? REDACTED : value));

/** A key, and its value: a text, perhaps cut; an object or list, with all that follows; or a plain value. */
const PAIR = /"((?:[^"\\]|\\.)*)"\s*:\s*(?:"(?:[^"\\]|\\.)*"?|[[{][\s\S]*|[^,}\]]*)/g;

/** Redacts JSON that was cut, or is not quite JSON. After a secret that is an object, nothing is told. */
export function redactText(text: string, redaction: Redaction): string {
  let from = 0;
  let done = '';
  // Found key by key: an object's value is looked into, unless it is a secret.
  for (let pair = PAIR.exec(text); pair; pair = PAIR.exec(text)) {
    const [whole, key = ''] = pair;
    const isSecret = redaction.isSecretKey(key);
    const value = whole.indexOf(':', key.length + 2);
    const isNested = /^:\s*[[{]/.test(whole.slice(value));
    if (isSecret) {
      done += `${text.slice(from, pair.index)}"${key}":"${REDACTED}"`;
      from = pair.index + whole.length;
    }
    if (isNested && !isSecret) PAIR.lastIndex = pair.index + value + 1;
  }
  PAIR.lastIndex = 0;
  return done + text.slice(from);
}
