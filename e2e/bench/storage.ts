import { setTimeout as sleep } from 'node:timers/promises';
import { openRun } from '../delivery/run.ts';
import { SECURE, type TestSite } from '../delivery/test-site.ts';
import type { Competitor } from './competitors.ts';
import type { Block } from './report.ts';
import { lessThan } from './verdict.ts';

/** Milliseconds after which what was sent has been confirmed, also by clients that send every 5 s. */
const SETTLED = 8000;

/** The storage of an origin. Playwright returns databases too, but its types do not say so. */
interface Origin {
  localStorage: { name: string; value: string }[];
  indexedDB?: { stores: { records: unknown[] }[] }[];
}

const lengthOf = (pairs: readonly { name: string; value: string }[]) =>
  pairs.reduce((sum, { name, value }) => sum + name.length + value.length, 0);

async function storedBy(testSite: TestSite, competitor: Competitor, name: string): Promise<number[]> {
  const run = openRun(testSite, name, SECURE, {}, competitor);
  try {
    const context = await run.visitor();
    const page = await run.arrive();
    await run.say(page, [run.update()]);
    await sleep(SETTLED);
    const { cookies, ...state } = await context.storageState({ indexedDB: true });
    const origins: Origin[] = state.origins;
    const session = (await page.evaluate('Object.entries(sessionStorage)')) as [string, string][];
    const local = origins.flatMap(({ localStorage }) => localStorage);
    const records = origins.flatMap(({ indexedDB = [] }) =>
      indexedDB.flatMap(({ stores }) => stores.flatMap(({ records }) => records)),
    );
    return [
      cookies.length,
      lengthOf(cookies),
      lengthOf(local) + lengthOf(session.map(([name, value]) => ({ name, value }))),
      records.reduce<number>((sum, record) => sum + JSON.stringify(record).length, 0),
    ];
  } finally {
    await run.close();
  }
}

/** What is left on the device once a user who came by a campaign has been delivered, in characters of names and values. */
export async function measureStorage(
  testSite: TestSite,
  competitors: readonly Competitor[],
): Promise<Block[]> {
  const stored = await Promise.all(
    competitors
      .filter(({ isVariant }) => !isVariant)
      .map(async (competitor, n) => ({
        name: competitor.name,
        values: await storedBy(testSite, competitor, `stored-${n}`),
      })),
  );
  const head = ['cookies', 'bytes in cookies', 'in localStorage and sessionStorage', 'in IndexedDB'];
  const rows = stored.map(({ name, values }) => [name, ...values]);
  return [
    { head: ['left on the device', ...head], rows },
    `Less than utmost: ${lessThan(head, stored, String)}`,
  ];
}
