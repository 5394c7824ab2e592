import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { errorOf, useCollector } from '../use-collector.ts';

const { request, tenant } = useCollector();

type Tenant = ReturnType<typeof tenant>;

async function fileOf({ get }: Tenant, path: string): Promise<Record<string, string>[]> {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
  return parse(Buffer.from(await answer.arrayBuffer()), { columns: true, bom: true });
}

describe('a file of people', () => {
  it('has those that the list finds, in its order, whatever the number of pages', async () => {
    const app = tenant();
    const users = Array.from({ length: 1201 }, (_, n) => ({
      user_id: `u${n}`,
      modified_time: new Date(Date.UTC(2024, 0, 1) + n * 1000).toISOString(),
      campaign: { utm_source: n % 3 ? 'news' : 'fair' },
      metadata: { name: `Name ${n}`, visits: n, tags: ['a', 'b'] },
    }));
    for (let first = 0; first < users.length; first += 1000)
      await app.send('/v1/users/batch', users.slice(first, first + 1000));
    const rows = await fileOf(app, '/profiles.csv?columns=user_id,utm_source,metadata.visits,metadata.tags');
    expect(rows).toHaveLength(1201);
    expect(rows[0]).toEqual({
      user_id: 'u1200',
      utm_source: 'fair',
      'metadata.visits': '1200',
      'metadata.tags': '["a","b"]',
    });
    const some = await fileOf(app, '/profiles.csv?utm_source=fair&order=asc&columns=name,signed_up');
    expect(some).toHaveLength(401);
    expect(some[1]).toEqual({ name: 'Name 3', signed_up: '2024-01-01T00:00:03.000Z' });
    expect(await fileOf(app, '/profiles.csv?q=nobody')).toEqual([]);
    const named = await fileOf(app, '/profiles.csv?q=name&sort=name&kind=user&columns=name');
    expect(named.slice(0, 3).map(({ name }) => name)).toEqual(['Name 0', 'Name 1', 'Name 10']);
  });

  it('has every column where none is chosen, and no other than there are', async () => {
    const app = tenant();
    await app.post({ anonymous_id: 'v' });
    const [row] = await fileOf(app, '/profiles.csv');
    expect(row).toMatchObject({ user_id: '', anonymous_id: 'v', channel: 'Direct', signed_up: '' });
    for (const columns of ['__proto__', 'metadata.', 'user_id,', 'toString'])
      expect(await errorOf(await app.get(`/profiles.csv?columns=${columns}`))).toMatch(
        /^columns has ".*", but takes/,
      );
    expect(await errorOf(await app.get('/profiles.csv?sort=age'))).toMatch(/^sort must be/);
    expect((await request('/profiles.csv', { headers: { Authorization: 'Bearer wrong' } })).status).toBe(401);
    expect((await request('/campaigns.csv', { headers: { Authorization: 'Bearer wrong' } })).status).toBe(
      401,
    );
  });

  it('holds no text that a spreadsheet would run, nor one that begins a row of its own', async () => {
    const app = tenant();
    const formulas = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '＝1',
      'x\n=1+1',
      'x\r=1',
      'a;=1',
      '"=1',
      'a,=1',
    ];
    for (const [n, formula] of formulas.entries())
      await app.post({
        user_id: `u${n}`,
        campaign: { utm_source: formula },
        metadata: { name: formula, [`=k${n}`]: formula, debt: -5 },
      });
    const query = 'order=asc&columns=user_id,name,utm_source,metadata.debt,metadata.%3Dk0';
    const rows = await fileOf(app, `/profiles.csv?${query}`);
    expect(rows.map(({ user_id }) => user_id).sort()).toEqual(formulas.map((_, n) => `u${n}`).sort());
    const dangerous = /^[=+\-@\t\r＝]/;
    for (const row of rows) {
      const formula = formulas[Number(row.user_id?.slice(1))] ?? '';
      for (const cell of [row.name, row.utm_source]) {
        expect(cell).toBe(dangerous.test(formula) ? `'${formula}` : formula);
        expect(cell).not.toMatch(dangerous);
      }
      // A number is one.
      expect(row['metadata.debt']).toBe('-5');
    }
    const text = await (await app.get(`/profiles.csv?${query}`)).text();
    // Outside quotes no cell begins with a sign of a formula, whatever parts cells and lines.
    for (const cell of text.replaceAll(/"([^"]|"")*"/g, '').split(/[,;\r\n]/))
      expect(cell).not.toMatch(/^[=+@\t]/);
    const campaigns = await fileOf(app, '/campaigns.csv');
    expect(campaigns).toHaveLength(formulas.length);
    for (const { source } of campaigns) expect(source).not.toMatch(dangerous);
  });
});

it('a file of campaigns has the days that were asked for', async () => {
  const app = tenant();
  const news = { utm_source: 'news', utm_medium: 'email' };
  await app.post({ anonymous_id: 'v', campaign: news, modified_time: '2024-01-01T00:00:00Z' });
  await app.post({ user_id: 'u', campaign: news, modified_time: '2024-01-02T00:00:00Z' });
  const row = { source: 'news', channel: 'Email', medium: 'email', campaign: '' };
  expect(await fileOf(app, '/campaigns.csv')).toEqual([{ ...row, visitors: '2', identified: '1' }]);
  expect(await fileOf(app, '/campaigns.csv?to=2024-01-01')).toEqual([
    { ...row, visitors: '1', identified: '0' },
  ]);
});
