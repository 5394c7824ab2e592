import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Lab, openLab, SECURE } from './lab.ts';
import { type Row, runScenario, type Scenario, tableOf } from './scenario.ts';
import { answers } from './scenarios/answers.ts';
import { killing } from './scenarios/killed.ts';
import { leaving } from './scenarios/leaving.ts';
import { offline } from './scenarios/offline.ts';
import { storage } from './scenarios/storage.ts';
import { tabs } from './scenarios/tabs.ts';
import { openTrial } from './trial.ts';

/** How often each scenario is played: a few times to find what is broken, 20 times to say that nothing is. */
const TRIALS = Number(process.env.TRIALS ?? 2);

const SCENARIOS: Scenario[] = [...leaving, ...answers, ...offline, ...killing, ...storage, ...tabs];

let lab: Lab;
const rows = new Map<string, Row>();

beforeAll(async () => {
  lab = await openLab();
});
afterAll(async () => {
  await lab.close();
  if (process.env.TRIALS) console.log(`\n${tableOf(rows)}\n`);
});

describe('every update arrives, in order, once in effect', () => {
  for (const [n, scenario] of SCENARIOS.entries())
    test(
      scenario.name,
      async () => {
        const open = (name: string) => openTrial(lab, name, scenario.site ?? SECURE, scenario.options);
        const { failures, ...row } = await runScenario(open, scenario, `trial-${n + 1}`, TRIALS);
        rows.set(scenario.name, row);
        const stories = failures.slice(0, 2).join('\n');
        expect(row, stories).toMatchObject({
          delivered: row.n,
          outOfOrder: 0,
          duplicates: 0,
          ...(scenario.isUndisturbed && { repeats: 0 }),
        });
        expect(failures.length, stories).toBe(0);
      },
      30_000 * Math.max(4, TRIALS),
    );
});
