import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { NONE_RECORDS } from './recorders.ts';
import { measureCalls, type Recorded, tableOfCalls } from './recording.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** As much work on any machine: a busy one counts the thread's own time alone. */
const BUSY = 'let sum = 0; for (let n = 0; n < 1e8; n++) sum = (sum * 31 + n) | 0; window.sum = sum;';

test('what a script does in a page’s own task, and what it sets for later, are told apart', async () => {
  const recorders = [
    NONE_RECORDS,
    {
      name: 'at once',
      source: '',
      begin: `{ const { fetch } = window; window.fetch = (...all) => { ${BUSY} return fetch(...all); }; }`,
    },
    {
      name: 'later',
      source: '',
      begin: `{ const { fetch } = window; window.fetch = (...all) => {
        clearTimeout(setTimeout(() => {}, 10));
        setTimeout(() => scheduler.postTask(() => { ${BUSY} }, { priority: 'background' }), 10);
        return fetch(...all); }; }`,
    },
  ];
  const measured = await measureCalls(browser, recorders, 1, 1);
  const [none, atOnce, later] = measured.map(({ fetch }) => fetch[0]);
  for (const call of [none, later]) expect(call?.own).toBeLessThan(40);
  for (const call of [none, atOnce]) expect(call?.later).toBeLessThan(40);
  expect(atOnce?.own).toBeGreaterThan(50);
  expect(later?.later).toBeGreaterThan(50);
  expect([none, atOnce, later].map(call => call?.tasks)).toEqual([0, 0, 1]);
  expect(measured.map(({ XHR }) => XHR.length)).toEqual([1, 1, 1]);
});

test('a table tells what is added to a call without recording, and whether the budget is met', () => {
  const callsOf = (own: number) => [{ own, later: 2, tasks: 1 }];
  const all: Recorded[] = [
    { name: NONE_RECORDS.name, fetch: callsOf(5), XHR: callsOf(5) },
    { name: 'utmost 0.1.0', fetch: callsOf(5.4), XHR: callsOf(7) },
  ];
  const [table, budgets] = tableOfCalls(all);
  expect(table).toMatchObject({
    rows: [
      ['no recording', '5.0 ms', '2.0 ms', 1, '5.0 ms', '2.0 ms', 1],
      ['utmost 0.1.0', '0.4 ms', '0.0 ms', 0, '2.0 ms', '0.0 ms', 0],
    ],
  });
  expect(budgets).toMatchObject({
    rows: [
      ['own tasks of a call by fetch', '1.0 ms', '0.4 ms', 'met'],
      ['own tasks of a call by XHR', '1.0 ms', '2.0 ms', 'missed'],
    ],
  });
});
