// @vitest-environment happy-dom
import { existsSync, readFileSync } from 'node:fs';
// @ts-expect-error: it has no types.
import moesif from 'moesif-browser-js';
import { describe, expect, it } from 'vitest';

const read = (file: string) => readFileSync(file, 'utf8');

const [, methods = '', options = '', failures = ''] = read('docs/migrating-from-moesif.md').split(
  /^## (?:Methods|Options|What no longer happens)$/m,
);
/** The names in the first cell of each row. */
const named = (table: string) =>
  [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell]) =>
    [...`${cell}`.matchAll(/`(\w+)/g)].map(([, name]) => name),
  );

describe('moesif-browser-js', () => {
  it('has no method without a row: those of the package, and those that 1.10.2 adds', () => {
    // By its own style guide an underscore is internal; these three are the only way there to read what is known.
    const own = Object.keys(moesif).filter(name => !name.startsWith('_') || name.startsWith('_get'));
    expect(own).toEqual(expect.arrayContaining(['init', 'identifyUser', 'track', '_getSession']));
    const added = [
      'cdtUrlDecorator',
      'grantPublishingConsent',
      'revokePublishingConsent',
      'isPublishingConsentGranted',
    ];
    expect(named(methods).sort()).toEqual([...own, ...added].sort());
  });

  it('has no option without a row: those that the package reads, and those that 1.10.2 adds', () => {
    const source = read('node_modules/moesif-browser-js/src/moesif.js');
    const own = [...source.matchAll(/options\['(\w+)'\]/g)].map(([, name]) => name);
    expect(own).toEqual(expect.arrayContaining(['applicationId', 'persistence', 'batchMaxTime']));
    const added = [
      'enableCrossDomainTracking',
      'crossDomainTargets',
      'crossDomainTrackingParameterName',
      'requirePublishingConsent',
      'maxQueueSize',
    ];
    expect(named(options).sort()).toEqual([...new Set([...own, ...added])].sort());
  });
});

describe('each of the fifteen failures', () => {
  const rows = [...failures.matchAll(/^\| (\d+)\. .* \| (.+) \|$/gm)].map(
    ([, number, tests]) => [Number(number), `${tests}`] as const,
  );

  it('has a row', () => {
    expect(rows.map(([number]) => number)).toEqual(Array.from({ length: 15 }, (_, n) => n + 1));
  });

  it.each(rows)('%i names tests that there are', (_, tests) => {
    const named = [...tests.matchAll(/`([\w./-]+)`: ("[^|]+?")(?=;|$)/g)];
    expect(named.length).toBe(tests.split(';').length);
    for (const [, file, names] of named) {
      expect(existsSync(`${file}`), file).toBe(true);
      for (const [, name] of `${names}`.matchAll(/"(.+?)"(?:, |$)/g))
        expect(
          [`'${name}'`, `\`${name}\``].some(each => read(`${file}`).includes(each)),
          name,
        ).toBe(true);
    }
  });
});
