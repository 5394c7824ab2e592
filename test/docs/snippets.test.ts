import { describe, expect, it } from 'vitest';
import { readDataAttributes } from '../../src/options/data-attributes.ts';
import { optionNames } from '../../src/options/options.ts';
import { fencesOf, PAGES, readPage, withoutFences } from './pages.ts';

// JavaScript and TypeScript are compiled by e2e/types.test.ts; recipes of servers and consent run in tests of their own.
const SOURCES = [...PAGES, 'docs/site/index.md', 'docs/site/playground.md'];
const all = (...languages: string[]) =>
  SOURCES.flatMap(page => fencesOf(readPage(page), ...languages).map(code => ({ page, code })));

/** Attributes that a file reads besides the options, and those that other programs read. */
const ATTRIBUTES: Record<string, string[]> = {
  'utmost.min.js': ['cfasync', 'noOptimize', 'noDefer', 'noptimize'],
  'utmost.full.min.js': ['global'],
  'utmost.forms.min.js': ['prefix', 'names', 'dataLayer', 'global'],
  'utmost.capture.min.js': ['start'],
};
const toName = (attribute: string) =>
  attribute.replace(/^data-/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

describe('every script tag of a page', () => {
  const tags = all('html').flatMap(({ page, code }) =>
    [
      ...code.matchAll(
        /<script [^>]*?(?:src="[^"]*?(utmost[\w.]*\.js)[^"]*"|src="\{\{ '(utmost[\w.]*\.js)')[^>]*>/g,
      ),
    ].map(([tag, plain, liquid]) => ({ page, tag, file: `${plain ?? liquid}` })),
  );

  it('loads a file that the build makes', () => {
    const built = [...readPage('rollup.config.mjs').matchAll(/'(utmost[\w.]*\.js)'/g)].map(
      ([, file]) => file,
    );
    expect(tags.length).toBeGreaterThan(10);
    expect(tags.filter(({ file }) => !built.includes(file))).toEqual([]);
  });

  it('has attributes that the file reads', () => {
    const wrong = tags.flatMap(({ page, tag, file }) =>
      [...tag.matchAll(/ (data-[\w-]+)(?:=(?:"([^"]*)"|'([^']*)'))?/g)].flatMap(
        ([, attribute, value, json]) => {
          const name = toName(`${attribute}`);
          if (ATTRIBUTES[file]?.includes(name)) return [];
          const [option] = Object.keys(readDataAttributes({ dataset: { [name]: value ?? json ?? '' } }));
          return optionNames().includes(`${option}` as never) ? [] : [`${page}: ${attribute}`];
        },
      ),
    );
    expect(wrong).toEqual([]);
  });
});

it('every JSON of a page is JSON', () => {
  expect(all('json').length).toBeGreaterThan(0);
  for (const { code } of all('json')) expect(() => JSON.parse(code), code).not.toThrow();
});

/** Commands stand in blocks of shell code, and in spans within a sentence. */
const codeOf = (page: string) => {
  const spans = withoutFences(readPage(page)).match(/`[^`\n]+`/g) ?? [];
  return [...fencesOf(readPage(page), 'sh'), ...spans].join('\n');
};

it('every command of a page is one of package.json, or installs or runs the package', () => {
  const { scripts, bin } = JSON.parse(readPage('package.json'));
  const commands = SOURCES.flatMap(page =>
    [...codeOf(page).matchAll(/\bnp[mx] (?:run (?:--?\w+ )*([\w:-]+)|(?:--\S+ )*([\w-]+))/g)].map(
      ([command, script, name]) => ({ page, command, script, name }),
    ),
  );
  /** Programs of other packages, each a dependency here, and what npm itself does. */
  const known = [
    'ci',
    'install',
    'test',
    'audit',
    'pack',
    'publish',
    'sbom',
    'changeset',
    'playwright',
    'vitest',
  ];
  expect(commands.length).toBeGreaterThan(20);
  expect(
    commands.filter(({ script, name }) =>
      script ? !(script in scripts) : !known.includes(`${name}`) && !(`${name}` in bin),
    ),
  ).toEqual([]);
});
