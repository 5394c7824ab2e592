import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ARTIFACTS, openDashboard, openPeople, SIZES, sendTo, violations } from './dashboard-page.ts';
import type { World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openPeople();
  const old = { utm_source: 'almanac', utm_medium: 'print' };
  await sendTo(world, 'users/batch', [
    { anonymous_id: 'reader-1', campaign: old, modified_time: '2026-01-02T10:00:00Z' },
    { anonymous_id: 'reader-2', campaign: old, modified_time: '2026-01-05T10:00:00Z' },
    { user_id: 'reader', anonymous_id: 'reader-1', modified_time: '2026-01-09T10:00:00Z' },
    { user_id: 'formula', metadata: { name: '=1+1' }, modified_time: '2026-01-09T11:00:00Z' },
  ]);
});
afterAll(() => world.close());

const names = (page: Page) => page.locator('#rows th').allInnerTexts();
const heads = (page: Page) => page.locator('#head th').allInnerTexts();
const query = (page: Page) =>
  page.evaluate(() => Object.fromEntries(new URLSearchParams(location.hash.split('?')[1])));

/** Lists the tables that are wider than their place, and the page itself where it is. */
const cutOff = (page: Page) =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('.table')]
      .filter(part => part.clientWidth > 0 && part.scrollWidth > part.clientWidth)
      .map(part => part.getAttribute('aria-label') ?? part.className),
  );

describe('the table', () => {
  test('is chosen, sorted and given columns by keyboard, and the address keeps all of it', async () => {
    const page = await openDashboard(world, '#/?kind=user', 'wide');
    await page.locator('.card').first().waitFor();
    await page.getByRole('radio', { name: 'Cards' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('button', { name: 'Name' }).focus();
    await page.keyboard.press('Enter');
    const ascending = ['=1+1', 'Ada Holm', 'Jonas Tveit', 'Li', 'Mary', 'Nils', 'Omar', 'reader', 'Sofia'];
    await expect.poll(() => names(page)).toEqual(ascending);
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
    // The focus stays where it is, to turn the order round.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Name');
    await page.keyboard.press('Enter');
    await expect.poll(() => names(page)).toEqual(ascending.toReversed());
    await page.getByText('Columns').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: 'Medium' }).focus();
    await page.keyboard.press('Space');
    await page.getByRole('checkbox', { name: 'E-mail' }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('A key of metadata').fill('plan');
    await page.keyboard.press('Enter');
    const shown = ['Name', 'Channel', 'Source', 'Campaign', 'First seen', 'Last seen', 'Medium', 'plan'];
    await expect.poll(() => heads(page)).toEqual(shown);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-table-columns.png` });
    await page.reload();
    await expect.poll(() => heads(page)).toEqual(shown);
    await expect.poll(() => names(page)).toEqual(ascending.toReversed());
    expect(await query(page)).toMatchObject({ kind: 'user', sort: 'name', order: 'desc', view: 'table' });
    // Back from a person the list is as it was.
    await page.getByRole('link', { name: 'Mary' }).click();
    await page.getByRole('link', { name: 'All people' }).click();
    await expect.poll(() => names(page)).toEqual(ascending.toReversed());
    await page.context().close();
  });

  test('is a file of the same people and columns, without formulas', async () => {
    const page = await openDashboard(
      world,
      '#/?view=table&kind=user&date=last_seen&to=2026-01-31&columns=name,user_id,signed_up',
      'wide',
    );
    await expect.poll(() => names(page)).toEqual(['=1+1', 'reader']);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^people-.*\.csv$/);
    const text = await readFile(await download.path());
    expect(parse(text, { bom: true })).toEqual([
      ['name', 'user_id', 'signed_up'],
      ["'=1+1", 'formula', '2026-01-09T11:00:00.000Z'],
      ['', 'reader', '2026-01-09T10:00:00.000Z'],
    ]);
    await page.context().close();
  });

  test.each([
    ['wide', 'dark'],
    ['narrow', 'light'],
    ['narrow', 'dark'],
  ] as const)('%s and %s: nothing that axe finds, nothing cut off', async (size, scheme) => {
    const page = await openDashboard(world, '#/?view=table', size, scheme);
    await page.locator('#rows tr').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-table-${size}-${scheme}.png` });
    await page.context().close();
  });

  test('shows a filter that only the address has, and takes it away', async () => {
    const page = await openDashboard(world, '#/?view=table&company_id=nordfjord', 'narrow');
    await expect.poll(() => names(page)).toEqual(['Ada Holm']);
    await page.getByRole('button', { name: 'Remove the filter company_id' }).click();
    await expect.poll(async () => (await names(page)).length).toBeGreaterThan(10);
    expect(await query(page)).toEqual({ view: 'table' });
    await page.getByLabel('Search').fill('nobody like this');
    await page.getByRole('button', { name: 'Show everybody' }).click();
    await expect.poll(async () => (await names(page)).length).toBeGreaterThan(10);
    await page.context().close();
  });
});

describe('campaigns', () => {
  test('have visitors and sign-ups over time and a funnel, of the days in the address', async () => {
    const page = await openDashboard(world, '#/campaigns?from=2026-01-01&to=2026-01-31', 'narrow');
    const chart = page.getByRole('img', { name: /^Line chart by day/ });
    await expect
      .poll(() => chart.getAttribute('aria-label'))
      .toBe('Line chart by day: 3 visitors and 2 sign-ups in 31 days.');
    await page.getByText('The numbers').click();
    await page.getByRole('row', { name: '2026-01-09 1 2' }).waitFor();
    await page.getByRole('row', { name: 'almanac 2 1' }).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    await page.screenshot({ path: `${ARTIFACTS}dashboard-funnel-narrow.png`, fullPage: true });
    await page.setViewportSize(SIZES.wide);
    await page.getByRole('row', { name: 'almanac 2 1' }).getByRole('link', { name: '1' }).click();
    await expect.poll(() => names(page)).toEqual(['reader']);
    await page.context().close();
  });

  test.each([
    ['wide', 'light'],
    ['narrow', 'light'],
    ['narrow', 'dark'],
  ] as const)('are ordered by their heads, by the keyboard and the address: %s, %s', async (size, scheme) => {
    const page = await openDashboard(world, '#/campaigns?days=all', size, scheme);
    const table = page.locator('.campaigns');
    const column = (n: number) => table.locator(`tbody tr > :nth-child(${n})`);
    const numbers = async (n: number) => (await column(n).allInnerTexts()).map(Number.parseFloat);
    const head = (name: string) => table.getByRole('columnheader', { name });
    await table.locator('tbody tr').nth(2).waitFor();
    expect(await head('Visitors').getAttribute('aria-sort')).toBe('descending');
    expect(await query(page)).toEqual({ days: 'all' });

    await head('Identified').getByRole('button').focus();
    await page.keyboard.press('Enter');
    const identified = await numbers(6);
    expect(identified).toEqual(identified.toSorted((a, b) => b - a));
    expect(await query(page)).toEqual({ days: 'all', sort: 'identified', order: 'desc' });
    // The focus stays, so that the next press turns it round.
    await page.keyboard.press('Enter');
    expect(await numbers(6)).toEqual(identified.toSorted((a, b) => a - b));
    expect(await query(page)).toEqual({ days: 'all', sort: 'identified', order: 'asc' });
    expect(await head('Identified').getAttribute('aria-sort')).toBe('ascending');
    expect(await head('Visitors').getAttribute('aria-sort')).toBeNull();

    await head('Source').getByRole('button').click();
    const source = async () =>
      (await column(1).evaluateAll(cells => cells.map(cell => cell.firstChild?.textContent ?? ''))).filter(
        name => name !== '(direct)',
      );
    const names = await source();
    expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b)));
    await page.reload();
    await table.locator('tbody tr').nth(2).waitFor();
    expect(await source()).toEqual(names);
    expect(await head('Source').getAttribute('aria-sort')).toBe('ascending');
    expect(await violations(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
    await table.scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${ARTIFACTS}dashboard-campaigns-sorted-${size}-${scheme}.png` });
    await page.context().close();
  });

  test('of days in which nobody came say so, and lead to all time', async () => {
    const page = await openDashboard(world, '#/campaigns?from=2025-01-01&to=2025-01-31', 'wide');
    await page.getByText('Nobody came in these days').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Show all time' }).click();
    await page.getByRole('row', { name: 'almanac 2 1' }).waitFor();
    expect(await query(page)).toEqual({ days: 'all' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toContain('almanac,');
    await page.context().close();
  });
});

test('a timeline says that older entries could not be read, and what to do', async () => {
  const actions = Array.from({ length: 101 }, (_, n) => ({
    action_name: `Step ${n}`,
    user_id: 'reader',
    request: { uri: '/' },
  }));
  await sendTo(world, 'actions/batch', actions);
  const page = await openDashboard(world, '#/user/demo/reader', 'wide');
  await page.getByText('The newest 100 are shown, and there are older ones.').waitFor();
  await page.route('**/timeline?*after=*', route => route.abort());
  await page.getByRole('button', { name: 'Show older' }).click();
  await page.getByText('Press the button once more to try again.').waitFor();
  await page.unroute('**/timeline?*after=*');
  await page.getByRole('button', { name: 'Show older' }).click();
  await page.getByText(/^10\d entries, all there are\.$/).waitFor();
  await page.context().close();
});

test('an address without anything tells a person where to go on', async () => {
  const page = await (await world.visitor()).newPage();
  const answer = await page.goto(world.demo.url('/no-such-page'));
  expect(answer?.status()).toBe(404);
  await page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'dashboard' }).click();
  await page.getByText('Sign in to read what is stored').waitFor();
  await page.context().close();
});
