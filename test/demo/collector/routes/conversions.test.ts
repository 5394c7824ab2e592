import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { errorOf, useCollector } from '../use-collector.ts';

const collector = useCollector();
const { tenant } = collector;

const day = (n: number, time = '10:00:00') =>
  new Date(Date.UTC(2026, 0, n) + Date.parse(`1970-01-01T${time}Z`)).toISOString();
const JANUARY = 'action=order&from=2026-01-01&to=2026-12-31';

/** A site of its own, as its pages send. */
function site() {
  const { id, send, post, get } = tenant();
  const clicked = (ids: object, n: number, clicks: Record<string, string>) =>
    post({
      ...ids,
      modified_time: day(n),
      metadata: {
        click_ids: Object.fromEntries(
          Object.entries(clicks).map(([name, id]) => [name, { id, time: day(n), landing_path: '/' }]),
        ),
      },
    });
  const ordered = (ids: object, time: string, metadata: object = {}, action_name = 'order') =>
    send('/v1/actions', {
      ...ids,
      action_name,
      metadata,
      request: { uri: 'https://www.example.com/buy', time },
    });
  const file = async (query: string) => (await get(`/conversions?${query}`)).text();
  /** The rows of the file under its header, with the click ids alone. */
  const clicks = async (query = `platform=google&${JANUARY}`) =>
    (parse(await file(query), { from_line: 3 }) as string[][]).map(([id]) => id);
  return { id, send, post, get, clicked, ordered, file, clicks };
}

describe('the templates of the platforms', () => {
  it("Google's: time with its zone, value and currency", async () => {
    const { clicked, ordered, get } = site();
    await clicked({ user_id: 'ada' }, 2, { gclid: 'Cj0-a_b' });
    await ordered({ user_id: 'ada' }, '2026-01-05T23:59:59.900+02:00', { value: 12.5, currency: 'eur' });
    const answer = await get('/conversions?platform=google&action=order&from=2026-01-05&to=2026-01-05');
    expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('Content-Disposition')).toBe(
      'attachment; filename="google-conversions-2026-01-05-to-2026-01-05.csv"',
    );
    expect(await answer.text()).toBe(
      'Parameters:TimeZone=+0000\r\n' +
        'Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency\r\n' +
        'Cj0-a_b,order,2026-01-05 21:59:59+0000,12.5,EUR\r\n',
    );
  });

  it.each([
    ['2026-01-05T00:00:01Z', '1/5/2026 12:00:01 AM'],
    ['2026-10-15T12:30:00Z', '10/15/2026 12:30:00 PM'],
    ['2026-02-03T18:50:54Z', '2/3/2026 6:50:54 PM'],
  ])("Microsoft's: %s is %s", async (time, written) => {
    const { clicked, ordered, file } = site();
    const n = Math.floor((Date.parse(time) - Date.UTC(2026, 0, 1)) / 86_400_000);
    await clicked({ user_id: 'ada' }, n, { gclid: 'g', msclkid: 'f894' });
    await ordered({ user_id: 'ada' }, time);
    expect(await file(`platform=microsoft&${JANUARY}`)).toBe(
      'Parameters:TimeZone=+0000\r\n' +
        'Microsoft Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency\r\n' +
        `f894,order,${written},,\r\n`,
    );
  });

  it('without conversions the file has its header', async () => {
    const { file } = site();
    expect(await file(`platform=google&${JANUARY}`)).toBe(
      'Parameters:TimeZone=+0000\r\n' +
        'Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency\r\n',
    );
  });
});

describe('the click that is credited', () => {
  it('is the last within 90 days before the conversion, never one after it', async () => {
    const { clicked, ordered, clicks } = site();
    const ada = { user_id: 'ada' };
    for (const n of [1, 10, 40]) await clicked(ada, n, { gclid: `g${n}` });
    for (const n of [1, 9, 20, 41, 130]) await ordered(ada, day(n));
    await ordered(ada, day(130, '10:00:01'));
    await ordered(ada, day(1, '09:59:59'));
    expect(await clicks()).toEqual(['g1', 'g1', 'g10', 'g40', 'g40']);
  });

  it('stays that of an earlier conversion when updates arrive late', async () => {
    const { clicked, ordered, clicks } = site();
    await clicked({ user_id: 'ada' }, 20, { gclid: 'late' });
    await ordered({ user_id: 'ada' }, day(15));
    expect(await clicks()).toEqual([]);
    await clicked({ user_id: 'ada' }, 10, { gclid: 'early' });
    expect(await clicks()).toEqual(['early']);
  });

  it('is that of the platform: a later click on another one takes nothing away', async () => {
    const { clicked, ordered, clicks } = site();
    await clicked({ user_id: 'ada' }, 1, { gclid: 'g' });
    await clicked({ user_id: 'ada' }, 2, { msclkid: 'm', wbraid: 'w' });
    await ordered({ user_id: 'ada' }, day(3));
    expect(await clicks()).toEqual(['g']);
    expect(await clicks(`platform=microsoft&${JANUARY}`)).toEqual(['m']);
  });

  it("counts those of metadata.attribution, also where the campaign is the first touch's", async () => {
    const { post, ordered, clicks } = site();
    const attribution = {
      count: 2,
      first: { gclid: 'first', msclkid: null, time: day(1) },
      last: { gclid: 'last', msclkid: 'm', time: day(5) },
    };
    const campaign = { gclid: 'first' };
    await post({ user_id: 'ada', modified_time: day(9), campaign, metadata: { attribution } });
    for (const n of [4, 6]) await ordered({ user_id: 'ada' }, day(n));
    expect(await clicks()).toEqual(['first', 'last']);
    expect(await clicks(`platform=microsoft&${JANUARY}`)).toEqual(['m']);
  });

  it('counts those of every touch that the page keeps', async () => {
    const { post, ordered, clicks } = site();
    const touches = [1, 3, 5].map(n => ({ gclid: `g${n}`, time: day(n) }));
    const attribution = { count: 3, first: touches[0], last: touches[2], touches };
    await post({ user_id: 'ada', modified_time: day(9), metadata: { attribution } });
    for (const n of [2, 4, 6]) await ordered({ user_id: 'ada' }, day(n));
    expect(await clicks()).toEqual(['g1', 'g3', 'g5']);
  });

  it('counts the gclid of a campaign, at the time of its update', async () => {
    const { post, ordered, clicks } = site();
    for (const n of [2, 8])
      await post({ user_id: 'ada', modified_time: day(n), campaign: { gclid: `g${n}` } });
    for (const n of [1, 3, 9]) await ordered({ user_id: 'ada' }, day(n));
    expect(await clicks()).toEqual(['g2', 'g8']);
  });

  it('is none that no platform made', async () => {
    const { clicked, ordered, file } = site();
    await clicked({ user_id: 'ada' }, 1, { gclid: '=HYPERLINK("http://evil.example")' });
    await clicked({ user_id: 'bo' }, 1, { gclid: '-1+1' });
    for (const user_id of ['ada', 'bo']) await ordered({ user_id }, day(2));
    expect((await file(`platform=google&${JANUARY}`)).split('\r\n')).toHaveLength(3);
  });
});

describe('whose conversion it is', () => {
  it("a visitor who became a user, the user's other device, and a session token count for the user", async () => {
    const { post, clicked, ordered, clicks } = site();
    await clicked({ anonymous_id: 'laptop' }, 1, { gclid: 'on-laptop' });
    await ordered({ anonymous_id: 'phone' }, day(2));
    for (const anonymous_id of ['laptop', 'phone'])
      await post({ user_id: 'ada', anonymous_id, session_token: 's1', modified_time: day(3) });
    await ordered({ user_id: 'ada' }, day(4));
    await ordered({ session_token: 's1' }, day(5));
    expect(await clicks()).toEqual(['on-laptop', 'on-laptop', 'on-laptop']);
  });

  it('a visitor whom nobody knows has their own clicks, and nobody has those of others', async () => {
    const { clicked, ordered, clicks } = site();
    await clicked({ anonymous_id: 'a' }, 1, { gclid: 'of-a' });
    await clicked({ user_id: 'a' }, 1, { gclid: 'of-user-a' });
    await ordered({ anonymous_id: 'a' }, day(2));
    await ordered({ anonymous_id: 'b' }, day(2));
    expect(await clicks()).toEqual(['of-a']);
  });

  it('one application has nothing of another', async () => {
    const mine = site();
    const other = site();
    await other.clicked({ user_id: 'ada' }, 1, { gclid: 'other' });
    await mine.ordered({ user_id: 'ada' }, day(2));
    expect(await mine.clicks()).toEqual([]);
  });
});

describe('the parameters', () => {
  it('from and to are days of UTC, both within', async () => {
    const { clicked, ordered, clicks } = site();
    for (const n of [1, 2, 3, 4]) {
      await clicked({ user_id: `u${n}` }, 1, { gclid: `g${n}` });
      await ordered({ user_id: `u${n}` }, day(n, n === 3 ? '23:59:59' : '00:00:00'));
    }
    await ordered({ user_id: 'u4' }, day(2), {}, 'another');
    expect(await clicks('platform=google&action=order&from=2026-01-02&to=2026-01-03')).toEqual(['g2', 'g3']);
  });

  it('the name is quoted, and a spreadsheet runs nothing', async () => {
    const { clicked, ordered, file } = site();
    await clicked({ user_id: 'ada' }, 1, { gclid: 'g' });
    await ordered({ user_id: 'ada' }, day(2));
    const nameOf = async (name: string) => {
      const text = await file(`platform=google&${JANUARY}&name=${encodeURIComponent(name)}`);
      return (parse(text, { from_line: 3 }) as string[][])[0]?.[1];
    };
    expect(await nameOf('Order, "big"\nand more')).toBe('Order, "big"\nand more');
    for (const sign of ['=', '+', '-', '@']) expect(await nameOf(`${sign}1`)).toBe(`'${sign}1`);
  });

  it.each([
    [{ revenue: 7, order: { currency: 'USD' } }, '7', 'USD'],
    [{ revenue: '19.90', order: { currency: 'usd' } }, '19.9', 'USD'],
    [{ revenue: 0 }, '0', ''],
    [{ revenue: -5, order: { currency: 'dollars' } }, '', ''],
    [{ revenue: '=1+1', order: 'EUR' }, '', ''],
    [{ revenue: true, value: 3, currency: 'EUR' }, '', ''],
  ])('value and currency are fields of the metadata: %j', async (metadata, value, currency) => {
    const { clicked, ordered, file } = site();
    await clicked({ user_id: 'ada' }, 1, { gclid: 'g' });
    await ordered({ user_id: 'ada' }, day(2), metadata);
    const text = await file(`platform=google&${JANUARY}&value_field=revenue&currency_field=order.currency`);
    expect((parse(text, { from_line: 3 }) as string[][])[0]?.slice(3)).toEqual([value, currency]);
  });

  it.each([
    [JANUARY, 'platform must be google or microsoft.'],
    [`platform=facebook&${JANUARY}`, 'platform must be google or microsoft.'],
    ['platform=google&from=2026-01-01&to=2026-01-02', 'action must be the name of an action.'],
    ['platform=google&action=a&to=2026-01-02', 'from must be a day of the calendar, such as 2026-01-31.'],
    [
      'platform=google&action=a&from=2026-01-01&to=2026-02-30',
      'to must be a day of the calendar, such as 2026-01-31.',
    ],
    ['platform=google&action=a&from=2026-01-02&to=2026-01-01', 'from must not be after to.'],
  ])('%s is answered by a sentence', async (query, sentence) => {
    const { get } = site();
    const answer = await get(`/conversions?${query}`);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toBe(sentence);
  });

  it('a file has at most 100,000 conversions', { timeout: 60_000 }, async () => {
    const { id, get, clicked, clicks } = site();
    await clicked({ user_id: 'ada' }, 1, { gclid: 'g' });
    const orders = (from: number, to: number) =>
      collector.database.query(
        `insert into actions (application_id, transaction_id, kind, id, time, action_name, request, metadata)
         select $1, n::text, 'user', 'ada', '2026-01-02T00:00:00Z', 'order', '{}', '{}'
         from generate_series($2::int, $3::int) as n`,
        [id, from, to],
      );
    await orders(1, 100_000);
    expect(await clicks()).toHaveLength(100_000);
    await orders(100_001, 100_001);
    const answer = await get(`/conversions?platform=google&${JANUARY}`);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toBe('There are more than 100000 of these actions; choose fewer days.');
  });

  it('pages of other origins can not read it', async () => {
    const { get } = site();
    const answer = await get(`/conversions?platform=google&${JANUARY}`);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});
