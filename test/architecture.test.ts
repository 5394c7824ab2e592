import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
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

/** The folders of src/, from what knows nobody up to the entries: a file imports from its own and from those before it. */
const FOLDERS = [
  'shared',
  'options',
  'campaign',
  'channel',
  'browser',
  'storage',
  'delivery',
  'identity',
  'consent',
  'client',
  'capture',
  'features',
  'panel',
  'server',
  'relay',
  'cli',
  'frameworks',
];
const folderOf = (name: string) => (name.includes('/') ? `${name.split('/')[0]}` : 'entries');
const floorOf = (name: string) => [...FOLDERS, 'entries'].indexOf(folderOf(name));

it('every folder has its place, and every place its folder', () => {
  expect([...new Set(names.map(folderOf))].sort()).toEqual([...FOLDERS, 'entries'].sort());
});

it('only entries stand at the root', () => {
  expect(names.filter(name => !name.includes('/')).sort()).toEqual([
    'capture-script.ts',
    'capture.ts',
    'forms-script.ts',
    'forms.ts',
    'full-global.ts',
    'full-script.ts',
    'full.ts',
    'global.ts',
    'index.ts',
    'module.ts',
    'panel-script.ts',
    'panel.ts',
    'relay.ts',
    'script.ts',
    'server.ts',
  ]);
});

it.each(sources)('$name imports from its own folder and from those before it', ({ name, imports }) => {
  expect(imports.filter(target => floorOf(target) > floorOf(name))).toEqual([]);
});

it('no file imports itself by way of others', () => {
  const imports = new Map(sources.map(source => [source.name, source.imports]));
  const isDone = new Set<string>();
  const visit = (name: string, way: string[]): string[] => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (isDone.has(name)) return [];
    const cycle = (imports.get(name) ?? [])
      .map(target => visit(target, [...way, name]))
      .find(found => found[0]);
    isDone.add(name);
    return cycle ?? [];
  };
  for (const name of names) expect(visit(name, [])).toEqual([]);
});

it('finds imports at all', () => {
  const runtime = sources.find(({ name }) => name === 'client/runtime.ts');
  expect(runtime?.imports).toEqual(
    expect.arrayContaining(['campaign/rules.ts', 'delivery/dispatcher.ts', 'identity/visitor.ts']),
  );
  expect(runtime?.values).not.toContain('campaign/rules.ts');
});

it('what decides about campaigns is pure: it knows no delivery, storage, page or clock', () => {
  for (const { name, imports, code } of sources.filter(({ name }) => /^campaign\//.test(name))) {
    for (const target of imports) expect(target, name).toMatch(/^(campaign|shared|options)\//);
    expect(code, name).not.toMatch(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bcrypto\b/);
  }
});

it('the command line leans on campaign rules alone, nothing leans on it, and one file of it is its process', () => {
  const isOfCli = (name: string) => name.startsWith('cli/');
  for (const { name, imports, code, text } of sources) {
    const allowed = isOfCli(name) ? /^(cli|campaign|shared)\// : /^(?!cli\/)/;
    for (const target of imports) expect(target, name).toMatch(allowed);
    if (isOfCli(name) && name !== 'cli/main.ts') {
      expect(code, name).not.toMatch(/\bprocess\./);
      expect(text, name).not.toMatch(/ from 'node:(?!util')/);
    }
  }
});

it('an entry for a framework knows the client by its public name, and one framework', () => {
  const frameworks = sources.filter(({ name }) => name.startsWith('frameworks/'));
  expect(frameworks.length).toBeGreaterThan(1);
  for (const { name, text, imports } of frameworks) {
    for (const target of imports) expect(target, name).toMatch(/^frameworks\//);
    const packages = [...text.matchAll(/ from '([^.'][^']*)'/g)].map(([, from]) => `${from}`.split('/')[0]);
    const own = name.replace(/^frameworks\/|\.ts$/g, '');
    const its = own === 'next' ? 'react' : own;
    for (const each of packages) expect(['utmost', its], name).toContain(each);
  }
});

it.each(sources)('$name has at most 200 lines', ({ text }) => {
  expect(text.split('\n').length - 1).toBeLessThanOrEqual(200);
});

/** Lists the functions of a file that have more lines than a screen, each with all it encloses. */
function longFunctions({ name, text }: Source): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => file.getLineAndCharacterOfPosition(position).line;
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const lines = lineOf(node.end) - lineOf(node.getStart(file)) + 1;
    if (ts.isFunctionLike(node) && lines > 60)
      found.push(`line ${lineOf(node.getStart(file)) + 1}: ${lines}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

it.each(sources)('$name has no function of more than 60 lines', source => {
  expect(longFunctions(source)).toEqual([]);
});

it('would find a longer one', () => {
  const text = `const f = () => {\n${'  run();\n'.repeat(60)}};\n`;
  expect(longFunctions({ name: 'long.ts', text } as Source)).toEqual(['line 1: 62']);
});

it.each(['index.ts', 'full.ts', 'forms.ts', 'capture.ts', 'panel.ts', 'relay.ts', 'server.ts'])(
  '%s only re-exports',
  index => {
    const { code = '' } = sources.find(({ name }) => name === index) ?? {};
    const statements = code.split(';').map(statement => statement.trim().replace(/\s+/g, ' '));
    for (const statement of statements.filter(Boolean))
      expect(statement).toMatch(/^(import \{|export (type )?\{[^}]*\} from|export default \{[\w, ]*\}$)/);
  },
);

/** Files of the page that the relay has, and those that the reader of the visitor's cookies has. All work without a page. */
const RELAY_SHARES =
  /^(shared\/(try-or-undefined|host|json)|channel\/channel-of|identity\/metadata|delivery\/(outcome|requests\/moesif))\.ts$/;
const SERVER_SHARES =
  /^((shared|campaign|options|identity)\/[\w-]+|consent\/consent|storage\/(codec|memory-records)|delivery\/(outcome|transport|requests\/moesif))\.ts$/;

it('what runs on the server and what runs in the page share what needs no page', () => {
  const isServer = (name: string) => /^(server|relay)[/.]/.test(name);
  for (const { name, values } of sources.filter(({ name }) => !isServer(name)))
    expect(values.filter(isServer), name).toEqual([]);
  for (const { name, values } of sources.filter(({ name }) => isServer(name)))
    for (const target of values.filter(target => !isServer(target)))
      expect(target, name).toMatch(/^relay[/.]/.test(name) ? RELAY_SHARES : SERVER_SHARES);
});

describe('the browser’s globals', () => {
  const GLOBAL =
    /(?<![\w.$'])(window|document|location|localStorage|sessionStorage|history|navigator|performance)(?=[.[)\s])(?!\s*[:=(])/;
  const MAY = [
    'browser/navigation.ts',
    'browser/page.ts',
    'capture-script.ts',
    'client/install-global.ts',
    'consent/google-consent-mode.ts',
    'consent/iab-tcf.ts',
    'delivery/transport.ts',
    'features/cross-domain/incoming.ts',
    'features/cross-domain/linker.ts',
    'features/cross-domain/used-tokens.ts',
    'features/forms/announce-campaign.ts',
    'features/touches.ts',
    'frameworks/watch-campaign.ts',
    'forms-script.ts',
    'full-script.ts',
    'options/data-attributes.ts',
    'panel/elements.ts',
    'panel/gather.ts',
    'panel/network.ts',
    'panel/open-panel.ts',
    'panel/page-facts.ts',
    'panel/view.ts',
    'storage/departed-host.ts',
    'storage/cookie-store.ts',
    'storage/pending-writes.ts',
    'storage/record-store.ts',
    'storage/local-storage-entries.ts',
    'storage/retry-after.ts',
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

it('one file knows js-cookie, one idb-keyval, and of the page and of the server one each ky', () => {
  for (const [library, ...owners] of [
    ['ky', 'delivery/send-with-ky.ts', 'server/post-with-retries.ts'],
    ['js-cookie', 'storage/cookie-store.ts'],
    ['idb-keyval', 'storage/indexeddb-entries.ts'],
  ]) {
    const users = sources.filter(({ text }) => text.includes(` from '${library}'`)).map(({ name }) => name);
    expect(users).toEqual(owners);
  }
});

it('every file that the documentation names is there', () => {
  const page = readFileSync(new URL('../docs/ARCHITECTURE.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/`(?:src\/)?((?:[a-z]+\/)+[\w-]+\.ts)`/g)].map(([, name]) => `${name}`);
  const ours = named.filter(name => !/^(test|demo)\//.test(name));
  expect(ours.length).toBeGreaterThan(12);
  expect(ours.filter(name => !names.includes(name))).toEqual([]);
  const folders = [...page.matchAll(/^\| `(\w+)\/` \|/gm)].map(([, folder]) => folder);
  expect(folders).toEqual(FOLDERS);
});
