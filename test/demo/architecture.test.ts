import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { expect, it } from 'vitest';

const COLLECTOR = new URL('../../demo/collector/', import.meta.url);

/** Folders and loose files, from the entry down to what knows nobody: each imports only from those below it. */
const LAYERS = [
  'app.ts',
  'routes',
  'queue',
  'database',
  'profiles',
  'json.ts',
  'http-error.ts',
  'turns.ts',
  'limits.ts',
];

const sources = readdirSync(COLLECTOR, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => {
    const text = readFileSync(new URL(name, COLLECTOR), 'utf8');
    const paths = [...text.matchAll(/^(?:import|export)[^;]*?'(?<path>\..*?)';/gms)];
    const imports = paths.map(({ groups }) => normalize(join(dirname(name), groups?.path ?? '')));
    return { name: normalize(name), text, imports };
  });

const layerOf = (name: string) => LAYERS.indexOf(name.split(sep)[0] ?? '');

it('every file of the collector is in a layer, and every layer has a file', () => {
  const used = sources.map(({ name }) => name.split(sep)[0]);
  expect([...new Set(used)].sort()).toEqual([...LAYERS].sort());
});

it.each(sources)('$name imports from its own layer and from below', ({ name, imports }) => {
  expect(imports.filter(target => layerOf(target) < layerOf(name))).toEqual([]);
});

it('no file of the collector imports itself, by whatever way', () => {
  const importsOf = new Map(sources.map(({ name, imports }) => [name, imports]));
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const target of importsOf.get(from) ?? []) {
      if (seen.has(target)) continue;
      seen.add(target);
      reach(target, seen);
    }
    return seen;
  };
  expect(sources.filter(({ name }) => reach(name).has(name)).map(({ name }) => name)).toEqual([]);
});

it('the imports of the collector are found', () => {
  const ingest = sources.find(({ name }) => name === join('routes', 'ingest.ts'));
  expect(ingest?.imports).toContain(join('profiles', 'endpoints.ts'));
});

it.each(sources)('$name has at most 200 lines', ({ text }) => {
  expect(text.split('\n').length - 1).toBeLessThanOrEqual(200);
});

it('the rules for profiles are pure: they ask no database, no request and no clock', () => {
  for (const { name, text } of sources.filter(({ name }) => name.startsWith(`profiles${sep}`)))
    expect(text, name).not.toMatch(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|from 'hono|from 'pg'/);
});
