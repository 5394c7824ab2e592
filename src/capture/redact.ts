/** What stands in place of a secret. */
export const REDACTED = '_redacted_';

/** The most query parameters that the API takes. */
const MAX_PARAMETERS = 500;

/** Names of secrets, in lower case and without `-`, `_` and blanks. */
const SECRETS =
  'pass.*|.*(secret|passw(or)?d).*|.*token|(proxy)?authorization|(set)?cookie|(credit)?card.*|cv[cv]|ssn|iban|pin|otp|x?apikey';
/** What is a secret in an address and among headers besides. */
const PARAMETERS = '|code|key|sig|signature|xamz.*';

// Each begins with what stands before it: tried at every character, it would take a time that grows by the square.
/** E-mail addresses and JSON web tokens, as part of an address. */
const PERSONAL =
  /(^|[\s/=:?&])([^\s@/=:?&]+(@|%(25)*40)[^\s@%./?&]+\.[^\s@/?&]+|eyJ[\w-]+\.[\w-]+\.[\w-]*)/gi;

/** A pair of a query or an encoded form, also within another text. */
const FIELD = /(^|[\s"<>?&])([^\s"<>?&=]+)=[^\s"<>&]*/g;

/** A key of JSON and its value: the beginning of an object or list, a text that is perhaps cut, or a plain value. */
const PAIR = /"((?:[^"\\]|\\.)*)"\s*:\s*(?:([[{])|"(?:[^"\\]|\\.)*"?|[^,}\]]*)/g;

/** Ends what may be told of a text. */
const END = '\0';

type Rule = (name: string) => boolean;

/** Rules of what is a secret, by the name of a value. */
export interface Redaction {
  isSecretKey: Rule;
  /** For headers and the parameters of an address. */
  isSecretName: Rule;
}

/** `X-CSRF-Token`, `csrf_token` and `csrfToken` are one name. */
const normalize = (name: string) => name.toLowerCase().replace(/[^\p{L}\d*]/gu, '');

const toPattern = (names: readonly string[]) => names.map(normalize).join('|').replace(/\*/g, '.*');

/** Makes the rules: the lists of this file, names added, and what `!name` names taken out. */
export function createRedaction(given: readonly string[] = []): Redaction {
  const off = toPattern(given.filter(name => name[0] === '!'));
  const createRule = (more = ''): Rule => {
    const pattern = RegExp(`^(?!(${off})$)(${SECRETS}${more}|${toPattern(given)})$`);
    return name => pattern.test(normalize(name));
  };
  return { isSecretKey: createRule(), isSecretName: createRule(PARAMETERS) };
}

/** Redacts the values of secret parameters. What is no secret stays as it was written. */
export const redactForm = (text: string, isSecret: Rule): string =>
  text.replace(FIELD, (pair, before: string, name: string) => {
    const [decoded = ''] = new URLSearchParams(`${name}=`).keys();
    // `user[password]` is a password.
    return decoded.split(/[[\].]/).some(isSecret) ? `${before}${name}=${REDACTED}` : pair;
  });

/** Returns an address without credentials and fragment, its secrets redacted. */
export function redactUrl(address: string, { isSecretName }: Redaction): string {
  const url = new URL(address);
  url.username = url.password = url.hash = '';
  url.search = redactForm(url.search.split('&', MAX_PARAMETERS).join('&'), isSecretName);
  return url.href.replace(PERSONAL, `$1${REDACTED}`);
}

/** Returns the headers that are recorded. `kept`: `redacted` for all, `none`, or a list of names. */
export const redactHeaders = (
  headers: Record<string, string>,
  kept: string | readonly string[],
  { isSecretName }: Redaction,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => kept === 'redacted' || `,${kept},`.toLowerCase().includes(`,${name},`))
      .map(([name, value]) => [name, isSecretName(name) ? REDACTED : value]),
  );

/** Parses JSON, with secrets redacted at any depth. Throws for anything else. */
export const parseRedacted = (text: string, { isSecretKey }: Redaction): unknown =>
  JSON.parse(text, (key, value) => (isSecretKey(key) ? REDACTED : value));

/** Redacts JSON that was cut, or any other text. After a secret that is an object, nothing is told. */
export const redactText = (text: string, { isSecretKey }: Redaction): string =>
  redactForm(text, isSecretKey)
    .replace(PAIR, (pair, key: string, nested = '') =>
      isSecretKey(key) ? `"${key}":"${REDACTED}"${nested && END}` : pair,
    )
    .replace(/\0[\s\S]*/, '');
