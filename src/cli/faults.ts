import leven from 'leven';
import { cleanValue, MAX_LENGTH, type ParameterIssueCode, readParameters } from '../campaign/parameters.ts';
import { intendedKey, KEYS } from './misspelt-keys.ts';
import { pairsOf } from './pairs.ts';
import type { AllowList, FaultCode, Finding } from './types.ts';

export interface FaultOptions {
  /** The values that parameters may have. A key that is not listed may have any. Default: none is held. */
  allow?: AllowList | undefined;
}

/** What an issue of the rules that read parameters is called here, and how it is mended. */
const ISSUES: Partial<Record<ParameterIssueCode, [FaultCode, string]>> = {
  empty: ['empty', 'has no value; fill it in or leave the key out'],
  macro: ['placeholder', 'still has its placeholder; fill it in, or check that the ad platform knows it'],
  email: ['email', 'holds an e-mail address; personal data does not belong into a link'],
  jwt: ['token', 'holds a signed token; secrets do not belong into a link'],
  cut: ['too-long', `has over ${MAX_LENGTH} characters and is cut off there; shorten it`],
  'too-long': [
    'too-long',
    `has over ${MAX_LENGTH} characters and is dropped; check where it was glued together`,
  ],
  trimmed: ['blanks', 'begins or ends with a blank; remove it'],
  'control-characters': [
    'control-characters',
    'holds line breaks or other invisible characters; remove them',
  ],
  repeated: ['repeated', 'is there more than once, and only one counts; remove the others'],
};

/** Tools that read tags in a link's fragment are few: Google Analytics reads none. */
const IN_FRAGMENT =
  'Tags stand behind the #, where most tools read none; put the ? and the tags before the #.';

/** Finds what is wrong with an address by itself. Pure; no input throws. */
export function findFaults(url: string, { allow = {} }: FaultOptions = {}): Finding[] {
  const fragment = url.indexOf('#');
  const findings: Finding[] = [...misspeltKeys(url), ...issuesOf(url), ...otherValues(url)];
  if (fragment >= 0 && readParameters(url.slice(fragment)).campaignKey)
    findings.push({ code: 'in-fragment', level: 'fault', message: IN_FRAGMENT });
  return [...findings, ...missingKeys(url), ...notAllowed(url, allow)];
}

/** The tags and click ids of an address, as utmost reads them. */
export function tagsOf(url: string): Record<string, string> {
  const { campaign, clickIds } = readParameters(url);
  return { ...campaign, ...clickIds };
}

function misspeltKeys(url: string): Finding[] {
  return pairsOf(url).flatMap(({ name }) => {
    const key = intendedKey(name);
    const message = `${name} is not read by most tools; write ${key}.`;
    return key ? [{ code: 'misspelt-key', level: 'fault', key: name, message }] : [];
  });
}

/** What the rules that read a landing's parameters have to say. Misspelt keys and the fragment are told apart. */
function issuesOf(url: string): Finding[] {
  const findings = new Map<string, Finding>();
  for (const { key, code } of readParameters(url).issues) {
    const [name, advice] = ISSUES[code] ?? [];
    if (name && advice) findings.set(`${name} ${key}`, toFinding(name, key, advice));
    if (code === 'repaired-key' && key === '?')
      findings.set(key, {
        code: 'second-question-mark',
        level: 'fault',
        message: 'A second ? glues a parameter to the value before it; write & instead.',
      });
  }
  return [...findings.values()];
}

const toFinding = (code: FaultCode, key: string, advice: string): Finding => ({
  code,
  level: 'fault',
  key,
  message: `${key} ${advice}.`,
});

/** Finds double encoding, and what the rules have no look at: values of misspelt keys, addresses in any parameter. */
function otherValues(url: string): Finding[] {
  return pairsOf(url).flatMap(({ name, raw }) => {
    const isTag = KEYS.includes(intendedKey(name) ?? name);
    const [twice] = (isTag && raw.match(/%25[\da-f]{2}/i)) || [];
    if (twice) return [toFinding('double-encoded', name, `is encoded twice (${twice}); encode it once`)];
    if (KEYS.includes(name)) return [];
    const issues: ParameterIssueCode[] = [];
    cleanValue(new URLSearchParams(`value=${raw}`).get('value') ?? '', issue => issues.push(issue));
    return issues.flatMap(issue => {
      const [code, advice = ''] = ISSUES[issue] ?? [];
      return code && (isTag || code === 'email') ? [toFinding(code, name, advice)] : [];
    });
  });
}

/** A tagged link needs a source. A medium is what channels are told by. */
function missingKeys(url: string): Finding[] {
  const tags = tagsOf(url);
  const names = Object.keys(tags);
  const given = pairsOf(url).map(({ name }) => intendedKey(name) ?? name);
  // A click id says both by itself.
  if (!names.some(name => name.startsWith('utm_')) || names.some(name => !name.startsWith('utm_'))) return [];
  return (
    [
      [
        'utm_source',
        'fault',
        'is missing; without it the other tags say of nobody where the visit came from',
      ],
      ['utm_medium', 'note', 'is missing; without it tools file the visit under no channel'],
    ] as const
  )
    .filter(([key]) => !given.includes(key))
    .map(([key, level, advice]) => ({ ...toFinding('missing-key', key, advice), level }));
}

function notAllowed(url: string, allow: AllowList): Finding[] {
  return Object.entries(tagsOf(url)).flatMap(([key, value]) => {
    const allowed = Object.hasOwn(allow, key) ? allow[key] : undefined;
    if (!allowed || allowed.some(pattern => matches(value, pattern))) return [];
    const near = [...allowed].sort((a, b) => distance(value, a) - distance(value, b))[0];
    const hint =
      near && distance(value, near) <= near.length / 3
        ? `; did you mean ${near}?`
        : '; add it to the allow-list or use one of its values.';
    return [{ code: 'not-allowed', level: 'fault', key, message: `${key} may not be ${value}${hint}` }];
  });
}

const distance = (a: string, b: string) => leven(a.toLowerCase(), b.toLowerCase());

/** Checks a value against a pattern in which `*` stands for any text. Linear: each part is sought once. */
function matches(value: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return value === pattern;
  if (!value.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - tail.length >= at && value.endsWith(tail);
}
