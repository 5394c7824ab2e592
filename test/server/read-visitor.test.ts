// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createConsent } from '../../src/consent/consent.ts';
import { createVisitor } from '../../src/identity/visitor.ts';
import { normalizeOptions } from '../../src/options/options.ts';
import { readVisitor } from '../../src/server/read-visitor.ts';
import { createRecordStore } from '../../src/storage/record-store.ts';
import { kindBrowser, openPage, startAnew } from '../client/client-world.ts';
import { fakePage } from '../world.ts';
import { RECORDS, toCookie, toHeader } from './cookies.ts';
import { anyRecords } from './records.ts';

startAnew();

const NOW = 1768436000000;

/** The visitor of a page that finds this header as its cookies, with the page's own code. */
function pageOf(header: string, options: object) {
  Object.defineProperty(document, 'cookie', { configurable: true, get: () => header, set() {} });
  const page = fakePage({ url: 'https://www.example.com/' });
  const records = createRecordStore(new URL('https://www.example.com/'), page.setTimer);
  const settings = normalizeOptions({ applicationId: 'app', ...options });
  const consent = createConsent(records, settings.consent).current();
  return { consent, visitor: createVisitor(records, page, settings), records };
}

describe('the visitor of a request', () => {
  it('is the one of the page, with the campaign that the page sends', () => {
    const browser = kindBrowser();
    const { client } = openPage(browser, { url: 'https://www.example.com/?utm_source=a&gclid=g' });
    const anonymousId = client.getAnonymousId();
    return vi.advanceTimersByTimeAsync(1000).then(() => {
      expect(readVisitor(document.cookie)).toEqual({
        anonymousId,
        campaign: { utm_source: 'a', gclid: 'g' },
        first: { campaign: { utm_source: 'a', gclid: 'g' }, at: expect.any(Number), rule: 'campaign' },
        last: { campaign: { utm_source: 'a', gclid: 'g' }, at: expect.any(Number), rule: 'campaign' },
        consent: 'granted',
      });
    });
  });

  it('has what the options say, under the names they say', () => {
    vi.setSystemTime(NOW);
    const campaign = {
      ...RECORDS.campaign,
      last: {
        ...RECORDS.campaign.last,
        clickIds: { fbclid: 'f', gclid: 'no', other: 'x' },
        path: '/p',
        rule: 'made up',
      },
    };
    const header = toHeader({ ...RECORDS, campaign }, 'b_');
    expect(readVisitor(header)).toEqual({ consent: 'granted' });
    expect(readVisitor(header, { attribution: 'last', persistenceKeyPrefix: 'b_' })).toEqual({
      anonymousId: 'anon',
      userId: '7',
      companyId: 'acme',
      campaign: expect.objectContaining({ referrer: 'https://news.org/', utm_source: null }),
      first: { campaign: { utm_source: 'a' }, at: 1768435200000, rule: 'campaign' },
      last: {
        campaign: { referrer: 'https://news.org/' },
        at: 1768435300000,
        path: '/p',
        clickIds: { fbclid: 'f' },
      },
      clickIds: { fbclid: 'f' },
      consent: 'granted',
    });
  });

  it('has a campaign that was delivered, and none that is too old', () => {
    vi.setSystemTime(NOW);
    const header = toHeader({ ...RECORDS, campaign: { ...RECORDS.campaign, delivered: 1768435200000 } });
    expect(readVisitor(header).campaign).toEqual({ utm_source: 'a' });
    vi.setSystemTime(NOW + 181 * 86_400_000);
    expect(readVisitor(header).campaign).toBeUndefined();
    expect(readVisitor(header, { campaignMaxAge: 365 }).campaign).toEqual({ utm_source: 'a' });
  });

  it('is nobody without consent', () => {
    const header = toHeader(RECORDS);
    const choice = (choice: string) => `${header}; ${toCookie('consent', { choice })}`;
    expect(readVisitor(choice('denied'))).toEqual({ consent: 'denied' });
    expect(readVisitor(header, { consent: 'pending' })).toEqual({ consent: 'pending' });
    expect(readVisitor(header, { consent: 'denied' })).toEqual({ consent: 'denied' });
    expect(readVisitor(choice('granted'), { consent: 'pending' }).anonymousId).toBe('anon');
    expect(readVisitor(choice('whatever')).anonymousId).toBe('anon');
  });

  it('is that of the first cookie of a name, as in the page', () => {
    const other = toCookie('id', { anonymousId: 'other' });
    expect(readVisitor(`${other}; ${toHeader(RECORDS)}`).anonymousId).toBe('other');
    expect(readVisitor(`${toHeader(RECORDS)}; ${other}`).anonymousId).toBe('anon');
    expect(readVisitor(`utmost_id=x; ${other}`).anonymousId).toBeUndefined();
  });

  it.each([undefined, null, '', 'theme=dark', '=', ';;', 'utmost_id', 1, {}, ['utmost_id=1']])(
    'is unknown, and throws nothing: %j',
    header => expect(readVisitor(header as string)).toEqual({ consent: 'granted' }),
  );

  it.each([{ attribution: 'frist' }, { campaignMaxAge: -1 }, { attributoin: 'last' }])(
    'is read all the same where an option is wrong, which is said: %j',
    options => {
      vi.setSystemTime(NOW);
      const error = vi.spyOn(console, 'error').mockReturnValue();
      expect(readVisitor(toHeader(RECORDS), options as object).campaign).toEqual({ utm_source: 'a' });
      expect(error.mock.calls[0]?.[0]).toMatch(/^utmost: /);
    },
  );
});

it('never throws, and says nothing that the page would not send', () => {
  vi.setSystemTime(NOW);
  fc.assert(
    fc.property(
      anyRecords,
      fc.constantFrom('first' as const, 'last' as const),
      fc.constantFrom('granted' as const, 'pending' as const, 'denied' as const),
      (records, attribution, consent) => {
        const { delivered: _, ...state } = Object(records.state);
        const header = toHeader({ ...records, state });
        const options = { attribution, consent };
        const said = readVisitor(header, options);
        const page = pageOf(header, { ...options, includeAttribution: true });
        expect(said.consent).toBe(page.consent);
        if (page.consent !== 'granted') {
          expect(Object.keys(said)).toEqual(['consent']);
          return;
        }
        const { userId, companyId, anonymousId } = page.visitor.identity();
        expect([said.userId, said.companyId]).toEqual([userId, companyId]);
        if (said.anonymousId !== undefined) expect(said.anonymousId).toBe(anonymousId);
        const { body } = page.visitor.toUserUpdate(userId ?? '7');
        expect(said.campaign).toEqual(body.campaign);
        const sent = Object(Object(body.metadata).attribution);
        for (const name of ['first', 'last'] as const) {
          const { campaign, clickIds, at, rule, path } = said[name] ?? {};
          const told = {
            ...clickIds,
            ...campaign,
            ...(rule && { rule }),
            ...(path && { landing_path: path }),
          };
          expect({ ...sent[name], ...told }).toEqual(Object(sent[name]));
          expect(at && new Date(at).toISOString()).toBe(sent[name]?.time);
        }
      },
    ),
  );
  fc.assert(
    fc.property(fc.string(), header => void readVisitor(`utmost_id=${header}; utmost_campaign=${header}`)),
  );
});
