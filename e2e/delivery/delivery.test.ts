import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundled } from '../bundled.ts';
import { type Client, UTMOST } from './client.ts';
import { type Result, readResults, resultsTable, saveResults } from './results.ts';
import { openRun } from './run.ts';
import { playScenario, type Scenario } from './scenario.ts';
import { answers } from './scenarios/answers.ts';
import { announcements, interceptions } from './scenarios/intercepted.ts';
import { killing, persisted } from './scenarios/killed.ts';
import { leaving } from './scenarios/leaving.ts';
import { offline } from './scenarios/offline.ts';
import { hanging, storage } from './scenarios/storage.ts';
import { tabs } from './scenarios/tabs.ts';
import { openTestSite, SECURE, type TestSite } from './test-site.ts';

/** Runs of each scenario: one to find what is broken, 20 to say that nothing is. */
const RUNS = Number(process.env.TRIALS ?? 1);

/** So many say that nothing is lost: what they come to is told in docs/delivery.md. */
const ENOUGH = 20;

const WAITING = [...interceptions, ...hanging, ...announcements];
const SCENARIOS = [
  ...killing,
  persisted,
  ...WAITING,
  ...leaving,
  ...answers,
  ...offline,
  ...storage,
  ...tabs,
];

/** What is played over the npm build, too, beside the scenarios of what stands before the API. */
const BY_NPM = [
  'redirect in the same task, same origin',
  'tab closed at once',
  '503 three times, two updates 50 ms apart',
  '400 for one of several merged after a 503',
  'an answer that never comes',
  'offline, tab closed, back later',
];

let testSite: TestSite;
const results: Result[] = [];

beforeAll(async () => {
  testSite = await openTestSite();
});
afterAll(async () => {
  await testSite.close();
  if (process.env.TRIALS) console.log(`\n${resultsTable(results)}\n`);
  if (RUNS >= ENOUGH) saveResults(results);
});

const BUILDS = [
  { build: 'the script tag', name: 'script tag', scenarios: SCENARIOS, makeClient: async () => UTMOST },
  {
    build: 'the npm build',
    name: 'npm',
    scenarios: SCENARIOS.filter(each => WAITING.includes(each) || BY_NPM.includes(each.name)),
    makeClient: async () => ({ ...UTMOST, source: await bundled('index', 'utmost') }),
  },
];

describe.each(BUILDS)('by $build every update arrives, in order, once in effect', given => {
  const { build, name, scenarios, makeClient } = given;
  let client: Client;
  beforeAll(async () => {
    client = await makeClient();
  });
  const play = async (scenario: Scenario, slug: string) => {
    const open = (name: string) => openRun(testSite, name, scenario.site ?? SECURE, scenario.options, client);
    const { failures, ...row } = await playScenario(open, scenario, slug, RUNS);
    const date = new Date().toISOString().slice(0, 10);
    results.push({ scenario: scenario.name, build: name, date, ...row });
    const stories = failures.slice(0, 2).join('\n');
    expect(row, stories).toMatchObject({
      delivered: row.n,
      outOfOrder: 0,
      duplicates: 0,
      ...(scenario.isUndisturbed && { repeats: 0 }),
    });
    expect(failures.length, stories).toBe(0);
  };
  const played = scenarios.filter(({ isCounted }) => process.env.TRIALS || !isCounted);
  for (const [n, scenario] of played.entries()) {
    const slug = `run-${build.replaceAll(' ', '-')}-${n + 1}`;
    // Not side by side where it is counted: a busy machine is a fault of its own.
    const concurrent = !process.env.TRIALS && !scenario.isAlone;
    const timeout = 30_000 * Math.max(4, RUNS);
    test(scenario.name, { concurrent, timeout }, () => play(scenario, slug));
  }
});

test('no result is told of a scenario that is no longer played', () => {
  const played = SCENARIOS.map(({ name }) => name);
  expect(readResults().filter(({ scenario }) => !played.includes(scenario))).toEqual([]);
});

test('the scenarios that are played over the npm build exist', () => {
  expect(SCENARIOS.map(({ name }) => name)).toEqual(expect.arrayContaining(BY_NPM));
});
