import { readFileSync } from 'node:fs';
import { supportTable } from '../../e2e/engines/support.ts';
import { table } from './markdown.ts';

/** The oldest browsers that run a version of the language (caniuse.com, and MDN's compatibility data). */
const OLDEST: Record<string, [browser: string, version: string][]> = {
  ES2022: [
    ['Chrome, Edge', '93'],
    ['Firefox', '92'],
    ['Safari', '15.4'],
  ],
};

/** The version of the language that the script tags are compiled to. */
export function target(): string {
  const text = readFileSync(new URL('../../tsconfig.json', import.meta.url), 'utf8');
  return /"target": "(.*?)"/.exec(text)?.[1] ?? '';
}

const oldest = () => {
  const found = OLDEST[target()];
  if (!found) throw new Error(`docs/tables/browsers.ts does not know who runs ${target()}.`);
  return found;
};

/** The oldest browsers that run the script tags. */
export const browsersTable = (): string => table(['browser', 'from version'], oldest());
/** The same in one line. */
export const browsersLine = (): string =>
  oldest()
    .map(([browser, version]) => `${browser.replace(', ', ' and ')} ${version}`)
    .join(', ');

export { supportTable as enginesTable };
