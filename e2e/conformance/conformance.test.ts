import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchShell } from '../chromium.ts';
import { openWorld, type World } from '../world.ts';
import { DIFFERENCES, type Difference, differing, isOf } from './differences.ts';
import { drive } from './drive.ts';
import { readStored } from './stored.ts';
import { VISITS } from './visits.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld(undefined, launchShell);
});
afterAll(() => world.close());

const met = new Set<Difference>();

test.concurrent.each(VISITS)(
  '$name: what is stored is the same, but for what is meant to differ',
  async visit => {
    const [theirs = {}, ours = {}, npm = {}] = await Promise.all(
      (['theirs', 'ours', 'npm'] as const).map(async sdk =>
        readStored(world, await drive(world, sdk, visit)),
      ),
    );
    expect(Object.keys(theirs).length + Object.keys(ours).length, 'something is stored').toBeGreaterThan(0);
    const unexplained = [...differing(theirs, ours), ...differing(theirs, npm)].filter(found => {
      const reasons = DIFFERENCES.filter(difference => isOf(difference, { visit: visit.name, ...found }));
      for (const difference of reasons) met.add(difference);
      return reasons.length === 0;
    });
    expect(unexplained).toEqual([]);
  },
);

test('no difference is listed that there is not', () => {
  expect(DIFFERENCES.filter(difference => !met.has(difference))).toEqual([]);
});
