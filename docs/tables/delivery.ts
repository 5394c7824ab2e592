import { readResults, resultsTable } from '../../e2e/delivery/results.ts';

/** What became of the updates in each scenario, by build and date. */
export const deliveryTable = (): string => resultsTable(readResults());

/** How many updates arrived of how many. */
export function deliveredFigure(): string {
  const sum = (key: 'n' | 'delivered') =>
    readResults()
      .reduce((total, row) => total + row[key], 0)
      .toLocaleString('en-US');
  return `${sum('delivered')} of ${sum('n')}`;
}

/** How many ways of losing an update are played. */
export const scenariosFigure = (): string => `${new Set(readResults().map(({ scenario }) => scenario)).size}`;
