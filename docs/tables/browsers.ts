import { readFileSync } from 'node:fs';
import { findNewer } from '../../e2e/compat/support.ts';
import { supportTable } from '../../e2e/engines/support.ts';
import { table } from './markdown.ts';
import { NEWER_FEATURES } from './newer-features.ts';
import { type BrowserName, OLDEST_BROWSERS } from './oldest-browsers.ts';

/** The version of the language that the script tags are compiled to. */
export function target(): string {
  const text = readFileSync(new URL('../../tsconfig.json', import.meta.url), 'utf8');
  return /"target": "(.*?)"/.exec(text)?.[1] ?? '';
}

/** The browsers of a reader, each with its name in the data. */
const TITLES: [title: string, name: BrowserName][] = [
  ['Chrome, Edge', 'chrome'],
  ['Firefox', 'firefox'],
  ['Safari', 'safari'],
];
const oldest = () => TITLES.map(([title, name]) => [title, OLDEST_BROWSERS[name]] as const);

/** The oldest browsers that run the script tags. */
export const browsersTable = (): string =>
  table(
    ['browser', 'from version'],
    oldest().map(row => [...row]),
  );
/** The same in one line. */
export const browsersLine = (): string =>
  oldest()
    .map(([browser, version]) => `${browser.replace(', ', ' and ')} ${version}`)
    .join(', ');

/** What is used where it is there, with the versions that have it, by MDN's data. */
export function newerFeaturesTable(): string {
  const rows = NEWER_FEATURES.map(({ name, paths, without }) => {
    const since = Object.assign({}, ...paths.map(findNewer));
    const versions = TITLES.flatMap(([title, browser]) => {
      const version = since[browser];
      return version ? [version === 'none' ? `not in ${title}` : `${title} ${version}`] : [];
    });
    return [name, versions.join(', '), without];
  });
  return table(['feature', 'from version', 'where it is absent'], rows);
}

export { supportTable as enginesTable };
