import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchShell } from '../chromium.ts';
import { CALLS } from './capture-calls.ts';
import { CALL_DIFFERENCES } from './capture-differences.ts';
import { eventsOf, fieldsOf, makeCalls, serveCalls } from './capture-world.ts';
import { type Difference, differing, isOf } from './differences.ts';

let world: Awaited<ReturnType<typeof serveCalls>>;
let browser: Browser;
let got: Record<'theirs' | 'ours', Record<string, unknown>>;
beforeAll(async () => {
  world = await serveCalls();
  browser = await launchShell();
  const [theirs, ours] = await Promise.all(
    (['theirs', 'ours'] as const).map(sdk => makeCalls(browser, world, sdk)),
  );
  got = { theirs: theirs ?? {}, ours: ours ?? {} };
});
afterAll(async () => {
  await browser?.close();
  world?.close();
});

const met = new Set<Difference>();

/** What a collector holds of a call, and what the page got. */
const fieldsUnder = (sdk: 'theirs' | 'ours', name: string, n: number) => {
  const events = eventsOf(world.sent[sdk], n);
  return {
    ...fieldsOf(events[0], world.port),
    ...(events[1] && { events: `${events.length}` }),
    'the page got': `${got[sdk][name]}`,
  };
};

test.each(CALLS.map(({ name }, n) => [name, n] as const))(
  '%s: the event is the same, but for what is meant to differ',
  (name, n) => {
    const found = differing(fieldsUnder('theirs', name, n), fieldsUnder('ours', name, n));
    const unexplained = found.filter(each => {
      const reasons = CALL_DIFFERENCES.filter(difference => isOf(difference, { visit: name, ...each }));
      for (const difference of reasons) met.add(difference);
      return reasons.length === 0;
    });
    expect(unexplained).toEqual([]);
  },
);

test('no difference is listed that there is not', () => {
  expect(CALL_DIFFERENCES.filter(difference => !met.has(difference))).toEqual([]);
});
