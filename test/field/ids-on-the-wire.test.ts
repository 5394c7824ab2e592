// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { createBrowser, kindBrowser, openPage, startAnew } from '../client/client-world.ts';
import { DELIVERED, OFFLINE, REFUSED, settled } from '../world.ts';

startAnew();

describe('an id', () => {
  it.each([
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [-0, '0'],
    [1e15, '1000000000000000'],
    [0xff, '255'],
    [10n ** 30n, `1${'0'.repeat(30)}`],
    [-5n, '-5'],
    ['007', '007'],
    ['1e21', '1e21'],
    ['nullable', 'nullable'],
    ['Undefined Records Ltd', 'Undefined Records Ltd'],
    ['object Object', 'object Object'],
    ['\uFEFF\t u-1 \u2003', 'u-1'],
    ['x'.repeat(512), 'x'.repeat(512)],
    [` ${'x'.repeat(512)} `, 'x'.repeat(512)],
    ['用户-🌊', '用户-🌊'],
    ['__proto__', '__proto__'],
  ])('of a user and a company goes out as its text: %s', async (id, text) => {
    const { identify, collector } = openPage(kindBrowser());
    expect(await identify(id, null, { companyId: id })).toMatchObject({ status: 'delivered' });
    expect(collector.got).toEqual([{ user_id: text, anonymous_id: 'uuid-1', company_id: text }]);
  });

  it.each([
    Number.MAX_SAFE_INTEGER + 1,
    -(2 ** 53),
    0.1,
    1e21,
    -Infinity,
    'Infinity',
    '-Infinity',
    'true',
    'false',
    '[object Undefined]',
    '[object Array]',
    '[object HTMLInputElement]',
    '\tnull\n',
    '\uFEFF',
    '\u00A0\u2003',
    new Date(0),
    Object(1),
    Object('a'),
    Object(1n),
    { toString: () => '1' },
    new Map(),
    Promise.resolve('1'),
    `${'x'.repeat(512)}y`,
  ])('that names nobody is refused of a user and left out of a company: %o', async id => {
    const { identify, collector } = openPage(kindBrowser());
    expect(await identify(id)).toMatchObject({
      status: 'dropped',
      reason: 'invalid-user-id',
      message: expect.stringContaining("pass your database's id"),
    });
    expect(await identify('1', null, { companyId: id })).toMatchObject({
      status: 'delivered',
      reason: 'invalid-company-id',
    });
    expect(collector.got).toEqual([{ user_id: '1', anonymous_id: 'uuid-1' }]);
  });

  it.each([
    ['a\0b', 'a\uFFFDb'],
    ['\uD83Cx', '\uFFFDx'],
    ['x\uDF0A', 'x\uFFFD'],
    ['\0🌊', '\uFFFD🌊'],
  ])('with what no database takes is one id on all pages: %j', async (id, sent) => {
    const browser = kindBrowser();
    for (let page = 0; page < 3; page++) {
      await openPage(browser, { url: 'https://www.example.com/?utm_source=a' }).identify(
        id,
        { page },
        { companyId: id },
      );
      await vi.advanceTimersByTimeAsync(60_000);
    }
    expect(browser.collector.got.map(({ campaign: _, metadata: __, ...ids }) => ids)).toEqual(
      Array(3).fill({ user_id: sent, anonymous_id: 'uuid-1', company_id: sent }),
    );
  });
});

describe('a company id that is none', () => {
  const company = { companyId: '[object Object]' };
  const told = expect.stringContaining('the company id names nobody');

  it('is told in the receipt of a user who is delivered, and of one who is unchanged', async () => {
    const { identify, collector } = openPage(kindBrowser());
    expect(await identify('1', { a: 1 }, company)).toEqual({
      status: 'delivered',
      httpStatus: 201,
      reason: 'invalid-company-id',
      message: told,
    });
    expect(await identify('1', { a: 1 }, company)).toEqual({
      status: 'unchanged',
      reason: 'invalid-company-id',
      message: told,
    });
    expect(collector.got).toEqual([{ user_id: '1', anonymous_id: 'uuid-1', metadata: { a: 1 } }]);
    expect(console.warn).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['queued', 'network', OFFLINE],
    ['dropped', 'http', REFUSED],
  ])('is told beside the reason of one who is %s', async (status, reason, outcome) => {
    const browser = createBrowser();
    browser.collector.rule = () => outcome;
    const receipt = await openPage(browser).identify('1', null, company);
    expect(receipt).toMatchObject({ status, reason, message: told });
    expect(receipt.message).toMatch(/.: the company/);
  });

  it('is told while there is no consent, and without one', async () => {
    const { identify } = openPage(kindBrowser(), { consent: 'pending' });
    expect(await identify('1', null, company)).toMatchObject({ reason: 'consent-pending', message: told });
    const denied = openPage(kindBrowser(), { consent: 'denied' });
    expect(await denied.identify('1', null, company)).toMatchObject({
      reason: 'consent-denied',
      message: told,
    });
  });

  it('leaves the company that is known', async () => {
    const { identify, collector } = openPage(kindBrowser());
    await identify('1', null, { companyId: 'acme' });
    await identify('1', { a: 1 }, company);
    expect(collector.got.at(-1)).toMatchObject({ company_id: 'acme' });
  });

  it.each([undefined, null])('is not meant by %s', async companyId => {
    const { identify } = openPage(kindBrowser());
    expect(await identify('1', null, { companyId })).toEqual({ status: 'delivered', httpStatus: 201 });
    expect(console.warn).not.toHaveBeenCalled();
  });
});

describe('a session token', () => {
  it.each(['', '  ', {}, [], Number.NaN, 'undefined', '[object Object]', 't'.repeat(16_385), true])(
    'that is none is left out with a warning, and the user arrives: %o',
    async sessionToken => {
      const { identify, collector } = openPage(kindBrowser());
      expect(await identify('1', null, { sessionToken })).toMatchObject({ status: 'delivered' });
      expect(collector.got).toEqual([{ user_id: '1', anonymous_id: 'uuid-1' }]);
      expect(console.warn).toHaveBeenCalledOnce();
    },
  );

  it('goes out without blanks around it, and with what no database takes replaced', async () => {
    const { identify, collector } = openPage(kindBrowser());
    await identify('1', null, { sessionToken: ' t\0k\uD800 \n' });
    await identify('1', null, { sessionToken: 't'.repeat(16_384) });
    expect(collector.got.map(({ session_token }) => session_token)).toEqual([
      't\uFFFDk\uFFFD',
      't'.repeat(16_384),
    ]);
  });
});

it('an update that waits has the very ids it was made with', async () => {
  const browser = createBrowser();
  browser.collector.rule = () => OFFLINE;
  await openPage(browser).identify(2n ** 60n, null, { companyId: ' acme ' });
  browser.collector.rule = () => DELIVERED;
  openPage(browser);
  await vi.advanceTimersByTimeAsync(5000);
  await settled();
  expect(browser.collector.got.at(-1)).toMatchObject({ user_id: '1152921504606846976', company_id: 'acme' });
});
