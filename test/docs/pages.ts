import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Reads a file of the repository. */
export const readPage = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** Every page that a reader meets, by its path. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CODE_OF_CONDUCT.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'demo/collector/README.md',
  ...readdirSync(`${root}docs`)
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
];

const FENCE = /^```(\w+)\n(.*?)^```$/gms;

/** The code of a page in one of these languages, in its order. */
export const fencesOf = (text: string, ...languages: readonly string[]): string[] =>
  [...text.matchAll(FENCE)]
    .filter(([, language]) => languages.includes(`${language}`))
    .map(([, , code]) => `${code}`);

/** What the code of a page's diffs is after the change, in its order. That of HTML is none of it. */
export const changedFencesOf = (text: string): string[] =>
  fencesOf(text, 'diff')
    .map(diff => diff.replace(/^-.*\n/gm, '').replace(/^[+ ]/gm, ''))
    .filter(code => !code.startsWith('<'));

/** A page without its code blocks. */
export const withoutFences = (text: string): string => text.replace(/^```.*?^```$/gms, '');
