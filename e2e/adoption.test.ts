import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchShell } from './chromium.ts';
import { drive } from './conformance/drive.ts';
import { readStored } from './conformance/stored.ts';
import type { Step } from './conformance/visits.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld(undefined, launchShell);
});
afterAll(() => world.close());

/** Returns what is stored of a visit that begins with moesif-browser-js and goes on with utmost. */
async function goOn(name: string, options: object, before: Step, ...after: Step[]) {
  const steps = [{ ...before, by: 'theirs' as const }, ...after];
  const driven = await drive(world, 'ours', { name, options, steps });
  return { driven, stored: await readStored(world, driven) };
}

const LANDING = {
  open: '/?utm_source=news&utm_campaign=spring&gclid=g1',
  referrer: 'http://search.foreign.test/?q=1',
};
const CAMPAIGN = {
  'user ada.campaign.utm_source': 'news',
  'user ada.campaign.utm_campaign': 'spring',
  'user ada.campaign.gclid': 'g1',
  'user ada.campaign.referrer': 'http://search.foreign.test/',
  'user ada.campaign.referring_domain': 'search.foreign.test',
};

describe.concurrent.each([
  { persistence: 'cookie' },
  { persistence: 'localStorage' },
  { persistence: 'cookie', persistenceKeyPrefix: 'shop_' },
])('what moesif-browser-js has stored with %j', options => {
  const name = (of: string) => `${of} ${Object.values(options).join('.')}`;

  test('of a visitor: the id and the campaign go on to the user', async () => {
    const { driven, stored } = await goOn(name('visitor'), options, LANDING, {
      open: '/login?utm_source=later',
      calls: [['identifyUser', 'ada']],
    });
    expect(driven.anonymousIds).toHaveLength(1);
    expect(stored).toMatchObject({ ...CAMPAIGN, 'user ada.anonymous_ids': 'visitor 1' });
  });

  test('of a campaign told of with the user: a company identified later has it, too', async () => {
    const before: Step = { ...LANDING, calls: [['identifyUser', 'ada']] };
    const { stored } = await goOn(name('company'), options, before, {
      open: '/second',
      calls: [['identifyCompany', 'acme']],
    });
    expect(stored).toMatchObject({
      'company acme.campaign.utm_source': 'news',
      'company acme.campaign.gclid': 'g1',
      'user ada.company_id': 'acme',
    });
  });

  test('is left as it is', async () => {
    const { driven } = await goOn(name('left'), options, LANDING, {
      open: '/login',
      calls: [['identifyUser', 'ada']],
    });
    const [before, after] = driven.cookies;
    expect(before).toHaveLength(3);
    expect(after).toEqual(expect.arrayContaining(before ?? []));
  });

  test('of a user and a company: both go on, and what was told of them is not told again', async () => {
    const before: Step = {
      ...LANDING,
      calls: [
        ['identifyCompany', 'acme', { plan: 'pro' }],
        ['identifyUser', 'ada', { email: 'ada@acme.example' }],
      ],
    };
    const { driven, stored } = await goOn(name('user'), options, before, {
      open: '/second',
      calls: [['track', 'Returned']],
    });
    expect(driven.anonymousIds).toHaveLength(1);
    expect(stored).toMatchObject({
      ...CAMPAIGN,
      'user ada.campaign.referrer': `${LANDING.referrer}`,
      'user ada.company_id': 'acme',
      'user ada.anonymous_ids': 'visitor 1',
      'action Returned.stored_with': 'user ada',
      'action Returned.user_id': 'ada',
      'action Returned.company_id': 'acme',
    });
  });
});

test.concurrent('a visitor is taken over on another subdomain, from the cookie', async () => {
  const { driven, stored } = await goOn('subdomain', {}, LANDING, {
    open: '//app.example.test/',
    calls: [['identifyUser', 'ada']],
  });
  expect(driven.anonymousIds).toHaveLength(1);
  expect(stored).toMatchObject({ ...CAMPAIGN, 'user ada.anonymous_ids': 'visitor 1' });
});

test.concurrent('a visitor is taken over from localStorage alone', async () => {
  const options = { persistence: 'localStorage', crossSubdomainCookie: false };
  const before = { ...LANDING, calls: [['clearCookies']] } as const;
  const { driven, stored } = await goOn('localStorage', options, before, {
    open: '/login',
    calls: [['identifyUser', 'ada']],
  });
  expect(driven.anonymousIds).toHaveLength(1);
  expect(stored).toMatchObject({ ...CAMPAIGN, 'user ada.anonymous_ids': 'visitor 1' });
});
