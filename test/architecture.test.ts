import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = new URL('../src/', import.meta.url);
const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));

interface Source {
  name: string;
  text: string;
  /** Without comments and strings. */
  code: string;
  /** Files of the project it imports, with and without type imports. */
  imports: string[];
  values: string[];
}

const sources: Source[] = names.map(name => {
  const text = readFileSync(new URL(name, SRC), 'utf8');
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/'[^'\n]*'/g, "''");
  const statements = [...text.matchAll(/^(?:import|export)(?<type> type)?[^;]*? from '(?<from>\..*?)';/gms)];
  statements.push(...text.matchAll(/^import '(?<from>\..*?)';/gm));
  const target = (from = '') => normalize(join(dirname(name), from));
  return {
    name,
    text,
    code,
    imports: statements.map(({ groups }) => target(groups?.from)),
    values: statements.filter(({ groups }) => !groups?.type).map(({ groups }) => target(groups?.from)),
  };
});

/** From the entries down to what knows nobody: a file imports only from lines below its own. */
const LAYERS = [
  [
    'module.ts',
    'script.ts',
    'relay/index.ts',
    'consent-mode.ts',
    'consent-tcf.ts',
    'full/script.ts',
    'full/index.ts',
    'global.ts',
    'full/global.ts',
  ],
  ['take-over.ts', 'full/moesif-api.ts'],
  ['full/api.ts', 'tags.ts'],
  ['full/instances.ts'],
  ['full/client.ts', 'full/surroundings.ts'],
  ['full/parts.ts', 'full/retired-methods.ts'],
  ['full/full-client.ts', 'full/actions.ts', 'full/companies.ts', 'full/visitor-store.ts'],
  ['full/cross-domain.ts', 'full/campaign-url.ts', 'full/said.ts', 'full/session.ts', 'full/memory-store.ts'],
  ['full/options.ts'],
  ['full/retired.ts'],
  ['index.ts'],
  ['simulate.ts'],
  ['api.ts'],
  ['default-client.ts', 'delivery/send-with-fetch.ts', 'delivery/send-with-ky.ts', 'relay/relay.ts'],
  ['one-client.ts'],
  ['create-client.ts'],
  ['client.ts'],
  ['tracker.ts'],
  ['full/adoption.ts'],
  ['relay/user-com-upstream.ts', 'relay/users-api.ts'],
  ['visitor.ts', 'destinations/moesif.ts', 'destinations/relay.ts', 'relay/clock.ts', 'relay/upstream.ts'],
  [
    'relay/address.ts',
    'relay/body.ts',
    'relay/options.ts',
    'relay/origin.ts',
    'relay/shape.ts',
    'relay/user-com.ts',
  ],
  ['consent.ts', 'delivery/courier.ts', 'options.ts'],
  ['delivery/outbox.ts', 'delivery/pause.ts', 'delivery/warnings.ts'],
  ['full/used-tokens.ts'],
  ['full/cross-domain-options.ts', 'full/cross-domain-token.ts', 'full/cross-domain-url.ts'],
  ['delivery/courier-parts.ts', 'delivery/last-word.ts', 'delivery/presence.ts', 'records.ts'],
  [
    'delivery/merge.ts',
    'delivery/transport.ts',
    'navigation.ts',
    'storage/away.ts',
    'storage/cookies.ts',
    'storage/debug.ts',
    'storage/outbox.ts',
    'storage/pause.ts',
  ],
  [
    'delivery/bounds.ts',
    'delivery/digest.ts',
    'delivery/one-at-a-time.ts',
    'delivery/outcome.ts',
    'consent-choice.ts',
    'delivery/size.ts',
    'host.ts',
    'ids.ts',
    'metadata.ts',
    'page.ts',
    'storage/codec.ts',
  ],
  ['jsonable.ts', 'receipt.ts', 'remind.ts', 'unzoned.ts'],
  ['campaign/attribution.ts'],
  ['campaign/payload.ts'],
  ['campaign/rules.ts'],
  ['campaign/referrer.ts'],
  ['campaign/intermediaries.ts', 'campaign/parameters.ts'],
  [
    'attempt.ts',
    'json.ts',
    'relay/answer.ts',
    'relay/forwarded.ts',
    'relay/refusal.ts',
    'relay/upstream-body.ts',
    'script-tag.ts',
    'within.ts',
  ],
  ['types.ts'],
];
const layerOf = (name: string) => LAYERS.findIndex(layer => layer.includes(name));

it('every file has its place, and every place its file', () => {
  expect(LAYERS.flat().sort()).toEqual([...names].sort());
});

// Layers that only go down make cycles impossible.
it.each(sources)('$name imports only from below', ({ name, imports }) => {
  const upward = imports.filter(target => layerOf(target) <= layerOf(name));
  expect(upward).toEqual([]);
});

it('finds imports at all', () => {
  const tracker = sources.find(({ name }) => name === 'tracker.ts');
  expect(tracker?.imports).toEqual(expect.arrayContaining(['page.ts', 'delivery/courier.ts', 'visitor.ts']));
  expect(tracker?.values).not.toContain('page.ts');
});

it('what decides about campaigns is pure: it knows no delivery, storage, page or clock', () => {
  for (const { name, imports, code } of sources.filter(({ name }) => /^campaign\//.test(name))) {
    for (const target of imports) expect(target, name).toMatch(/^(campaign\/.*|attempt\.ts|types\.ts)$/);
    expect(code, name).not.toMatch(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bcrypto\b/);
  }
});

it.each(sources)('$name has at most 200 lines', ({ text }) => {
  expect(text.split('\n').length - 1).toBeLessThanOrEqual(200);
});

it.each(['index.ts', 'full/index.ts', 'relay/index.ts'])('%s only re-exports', index => {
  const { code = '' } = sources.find(({ name }) => name === index) ?? {};
  const statements = code.split(';').map(statement => statement.trim().replace(/\s+/g, ' '));
  for (const statement of statements.filter(Boolean))
    expect(statement).toMatch(/^(import \{|export (type )?\{[^}]*\} from|export default \{[\w, ]*\}$)/);
});

it('what runs on the server and what runs in the page share pure files alone', () => {
  const isServer = (name: string) => name.startsWith('relay/');
  for (const { name, values } of sources.filter(({ name }) => !isServer(name)))
    expect(values.filter(isServer), name).toEqual([]);
  for (const { name, values } of sources.filter(({ name }) => isServer(name)))
    for (const target of values.filter(target => !isServer(target)))
      expect(target, name).toMatch(/^(attempt|host|json|metadata|delivery\/outcome)\.ts$/);
});

describe('the browser’s globals', () => {
  const GLOBAL =
    /(?<![\w.$'])(window|document|location|localStorage|sessionStorage|history|navigator|performance)(?=[.[)\s])(?!\s*[:=(])/;
  const MAY = [
    'consent-mode.ts',
    'consent-tcf.ts',
    'page.ts',
    'navigation.ts',
    'delivery/transport.ts',
    'full/cross-domain.ts',
    'full/used-tokens.ts',
    'storage/away.ts',
    'storage/cookies.ts',
    'storage/debug.ts',
    'storage/outbox.ts',
    'storage/pause.ts',
    'take-over.ts',
    'tags.ts',
    'full/script.ts',
  ];

  it.each(sources.filter(({ name }) => !MAY.includes(name)))(
    'are none of the business of $name',
    ({ code }) => {
      expect(code.match(GLOBAL)?.[0]).toBeUndefined();
    },
  );

  it('would be found', () => {
    for (const name of MAY) expect(sources.find(source => source.name === name)?.code, name).toMatch(GLOBAL);
  });
});

it('one file knows ky, one js-cookie, one idb-keyval', () => {
  for (const [library, owner] of Object.entries({
    ky: 'delivery/send-with-ky.ts',
    'js-cookie': 'storage/cookies.ts',
    'idb-keyval': 'storage/outbox.ts',
  })) {
    const users = sources.filter(({ text }) => text.includes(`from '${library}'`)).map(({ name }) => name);
    expect(users).toEqual([owner]);
  }
});
