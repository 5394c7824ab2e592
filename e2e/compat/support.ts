import { createRequire } from 'node:module';
import type { CompatData, Identifier, SimpleSupportStatement } from '@mdn/browser-compat-data';
import { type BrowserName, OLDEST_BROWSERS } from '../../docs/tables/oldest-browsers.ts';

const data: CompatData = createRequire(import.meta.url)('@mdn/browser-compat-data');

/** The first version of a browser that has a feature; none of those yet where it is absent. */
export type Since = Partial<Record<BrowserName, string>>;

/** Finds a feature by its path in the data, such as `api.Navigator.locks`. */
export function findFeature(path: string): Identifier | undefined {
  let place = data as unknown as Identifier | undefined;
  for (const part of path.split('.')) place = place && Object.hasOwn(place, part) ? place[part] : undefined;
  return place?.__compat ? place : undefined;
}

/** Whether it needs neither a flag nor another name, and has not been taken away again. */
const isWhole = ({
  flags,
  prefix,
  alternative_name,
  version_removed,
  partial_implementation,
}: SimpleSupportStatement) =>
  !(flags || prefix || alternative_name || version_removed || partial_implementation);

function sinceOf(feature: Identifier, browser: BrowserName): string | undefined {
  const support = feature.__compat?.support[browser] ?? [];
  const statements = (Array.isArray(support) ? support : [support]).filter(isWhole);
  const added = statements
    .map(({ version_added }) => version_added)
    .find(version => typeof version === 'string');
  return added === 'preview' ? undefined : added;
}

/** Compares versions: `15.4` is older than `16`. One before any record (`≤37`) counts as that. */
function isNewer(version: string, than: string): boolean {
  const [a = [], b = []] = [version, than].map(each => each.replace('≤', '').split('.').map(Number));
  return (a[0] ?? 0) - (b[0] ?? 0) > 0 || (a[0] === b[0] && (a[1] ?? 0) > (b[1] ?? 0));
}

/** Returns the browsers that got a feature only after the oldest version that the script tags run in. */
export function findNewer(path: string): Since {
  const feature = findFeature(path);
  if (!feature) throw new Error(`MDN's data has no feature ${path}.`);
  const since: Since = {};
  for (const [browser, oldest] of Object.entries(OLDEST_BROWSERS) as [BrowserName, string][]) {
    const version = sinceOf(feature, browser);
    if (!version || isNewer(version, oldest)) since[browser] = version ?? 'none';
  }
  return since;
}

/** Checks whether all of the oldest browsers have a feature. */
export const isInAll = (path: string): boolean => Object.keys(findNewer(path)).length === 0;
