import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Reads a file of the repository. */
export const readPage = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

/** Every page that a reader meets, by its path. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
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

/** A page without its code blocks. */
export const withoutFences = (text: string): string => text.replace(/^```.*?^```$/gms, '');
