import type { Sdk } from './drive.ts';

/** A call of a method by its name. */
export type Call = readonly [method: string, ...parameters: unknown[]];

/** A page, or a further stay on the one before, and what the site calls there. */
export interface Step {
  /** The SDK of the page. Default: the one that the visit is made with. */
  by?: Sdk;
  /** The path of the page, with its query; `//host/path` where it is not on www.example.test. */
  open?: string;
  /** The page that the visitor came from. */
  referrer?: string;
  calls?: readonly Call[];
}

/** A visit: what a visitor does and a site calls, the same for either SDK. */
export interface Visit {
  name: string;
  /** The options that every page gives to `init`, besides application and host. */
  options?: object;
  steps: readonly Step[];
}

const CAMPAIGN =
  '/landing?utm_source=news&utm_medium=mail&utm_campaign=spring&utm_term=shoes&utm_content=top';
const LATER = '/again?utm_source=ads&gclid=later';
const SEARCH = 'http://search.foreign.test/';
const ADA: Call = ['identifyUser', 'ada', { email: 'ada@acme.example', salesInfo: { stage: 'Customer' } }];
const ACME: Call = ['identifyCompany', 'acme', { plan: 'pro', seats: { bought: 5 } }, 'acme.example'];

/** The calls of the README of moesif-browser-js, as they stand there. */
const README: readonly Call[] = [
  ['identifyUser', '12345'],
  ['track', 'clicked_sign_up', { button_label: 'Get Started' }],
  ['track', 'Clicked Sign Up', { button_label: 'Get Started', sign_up_method: 'Google SSO' }],
  [
    'identifyUser',
    '12345',
    {
      email: 'john@acmeinc.com',
      firstName: 'John',
      lastName: 'Doe',
      title: 'Software Engineer',
      salesInfo: { stage: 'Customer', lifetimeValue: 24000, accountOwner: 'mary@contoso.com' },
    },
  ],
  [
    'identifyCompany',
    '67890',
    {
      orgName: 'Acme, Inc',
      planName: 'Free Plan',
      dealStage: 'Lead',
      mrr: 24000,
      demographics: { alexaRanking: 500000, employeeCount: 47 },
    },
    'acmeinc.com',
  ],
  ['identifySession', 'd23xdefc3ijhcv93hf4h38f90h43f'],
];

export const VISITS: readonly Visit[] = [
  { name: 'a campaign, then the user', steps: [{ open: CAMPAIGN, calls: [ADA] }] },
  {
    name: 'a campaign, and the user a page later',
    steps: [{ open: CAMPAIGN }, { open: '/login', calls: [ADA] }],
  },
  { name: 'a referrer', steps: [{ open: '/', referrer: `${SEARCH}find?q=shoes`, calls: [ADA] }] },
  {
    name: 'a referrer with a campaign',
    steps: [{ open: CAMPAIGN, referrer: SEARCH, calls: [ADA] }],
  },
  { name: 'a click id', steps: [{ open: '/?gclid=Cj0KCQ.a-b_c', calls: [ADA] }] },
  { name: 'a campaign in a hash', steps: [{ open: '/#/view?utm_source=hash', calls: [ADA] }] },
  {
    name: 'a value with a plus, an umlaut and a percent sign',
    steps: [{ open: '/?utm_source=a+b%C3%BC%25', calls: [ADA] }],
  },
  {
    name: 'a bad percent sign',
    steps: [{ open: '/?utm_source=news&utm_campaign=50%off', referrer: SEARCH, calls: [ADA] }],
  },
  { name: 'a visitor who stays anonymous', steps: [{ open: CAMPAIGN }] },
  { name: 'nothing known of a visitor', steps: [{ open: '/' }, { open: '/second' }] },
  {
    name: 'user, company and session of a direct visit',
    steps: [{ open: '/', calls: [['identifySession', 'token-1'], ACME, ADA] }],
  },
  { name: 'the user, then the company', steps: [{ open: CAMPAIGN, calls: [ADA, ACME] }] },
  { name: 'the company, then the user', steps: [{ open: CAMPAIGN, calls: [ACME, ADA] }] },
  { name: 'the company alone', steps: [{ open: CAMPAIGN, calls: [ACME] }] },
  {
    name: 'a session before the user',
    steps: [{ open: CAMPAIGN, calls: [['identifySession', 'token-1'], ADA] }],
  },
  {
    name: 'a session after the user',
    steps: [
      { open: CAMPAIGN, calls: [ADA, ['identifySession', 'token-1']] },
      { calls: [['track', 'Saved']] },
    ],
  },
  {
    name: 'a session before the company',
    steps: [{ open: '/', calls: [['identifySession', 'token-1'], ACME] }],
  },
  {
    name: 'a session on the next page',
    steps: [
      { open: '/', calls: [['identifySession', 'token-1'], ADA] },
      { open: '/second', calls: [['track', 'Saved']] },
    ],
  },
  {
    name: 'actions of a visitor and of the user',
    steps: [
      { open: CAMPAIGN, calls: [['track', 'Looked', { price: 9, tags: ['a'] }]] },
      { calls: [ADA, ['track', 'Bought', { price: 9 }], ['track', 'Left']] },
    ],
  },
  {
    name: 'actions of a company’s user',
    steps: [{ open: '/', calls: [ACME, ADA, ['identifySession', 'token-1'], ['track', 'Bought']] }],
  },
  {
    name: 'actions in a batch',
    options: { batchEnabled: true, batchSize: 10 },
    steps: [
      {
        open: '/shop?item=7#top',
        calls: [ADA, ['track', 'Looked', { n: 1 }], ['track', 'Bought', { n: 2 }], ['track', 'Left']],
      },
    ],
  },
  {
    name: 'a return in the next days',
    steps: [
      { open: CAMPAIGN, calls: [ADA] },
      {
        open: '/second',
        calls: [
          ['identifyUser', 'ada', { plan: 'pro' }],
          ['track', 'Returned'],
        ],
      },
    ],
  },
  {
    name: 'a later campaign of a known user',
    steps: [
      { open: CAMPAIGN, calls: [ADA] },
      { open: LATER, calls: [['identifyUser', 'ada', { plan: 'pro' }]] },
    ],
  },
  {
    name: 'a later campaign before the user is known',
    steps: [{ open: CAMPAIGN }, { open: LATER, calls: [ADA] }],
  },
  {
    name: 'a later campaign of a known company',
    steps: [
      { open: CAMPAIGN, calls: [ACME] },
      { open: LATER, calls: [ACME] },
    ],
  },
  {
    name: 'another user after reset',
    steps: [
      { open: CAMPAIGN, calls: [ACME, ADA] },
      { calls: [['reset']] },
      {
        calls: [
          ['identifyUser', 'bob'],
          ['track', 'Looked'],
        ],
      },
    ],
  },
  {
    name: 'another user on the page after reset',
    steps: [
      { open: CAMPAIGN, calls: [ACME, ADA] },
      { calls: [['reset']] },
      { open: '/second', calls: [['track', 'Looked']] },
      { calls: [['identifyUser', 'bob']] },
    ],
  },
  {
    name: 'another user without reset',
    steps: [
      { open: CAMPAIGN, calls: [['identifySession', 'token-1'], ACME, ADA] },
      { calls: [['identifyUser', 'bob']] },
    ],
  },
  {
    name: 'a new anonymous id',
    steps: [
      { open: CAMPAIGN, calls: [['track', 'Looked']] },
      { calls: [['resetAnonymousId'], ['track', 'Looked again'], ADA] },
    ],
  },
  {
    name: 'cookies and storage cleared',
    steps: [
      { open: '/', calls: [ADA, ['clearCookies'], ['clearStorage'], ['track', 'Looked']] },
      { open: '/second', calls: [['track', 'Returned']] },
    ],
  },
  {
    name: 'another subdomain',
    steps: [{ open: CAMPAIGN }, { open: '//app.example.test/', calls: [ADA] }],
  },
  {
    name: 'another subdomain, without crossSubdomainCookie',
    options: { crossSubdomainCookie: false },
    steps: [{ open: CAMPAIGN }, { open: '//app.example.test/', calls: [ADA] }],
  },
  {
    name: 'persistence cookie',
    options: { persistence: 'cookie' },
    steps: [{ open: CAMPAIGN }, { open: '/login', calls: [ADA] }],
  },
  {
    name: 'persistence localStorage',
    options: { persistence: 'localStorage' },
    steps: [{ open: CAMPAIGN }, { open: '/login', calls: [ADA] }],
  },
  {
    name: 'persistence none',
    options: { persistence: 'none' },
    steps: [{ open: CAMPAIGN }, { open: '/login', calls: [ADA] }],
  },
  ...['disableUtm', 'disableReferrer', 'disableGclid'].map(option => ({
    name: option,
    options: { [option]: true },
    steps: [{ open: `${CAMPAIGN}&gclid=g1`, referrer: SEARCH, calls: [ADA] }],
  })),
  {
    name: 'a key prefix',
    options: { persistenceKeyPrefix: 'shop_' },
    steps: [{ open: CAMPAIGN }, { open: '/login', calls: [ADA] }],
  },
  {
    name: 'consent granted',
    options: { requirePublishingConsent: true },
    steps: [
      { open: CAMPAIGN, calls: [['start'], ADA, ['track', 'Looked']] },
      { calls: [['grantPublishingConsent']] },
    ],
  },
  {
    name: 'consent granted, without start, and remembered',
    options: { requirePublishingConsent: true },
    steps: [
      { open: CAMPAIGN, calls: [ADA, ['grantPublishingConsent']] },
      { open: '/second', calls: [['track', 'Looked']] },
    ],
  },
  {
    name: 'consent not given',
    options: { requirePublishingConsent: true },
    steps: [{ open: CAMPAIGN, calls: [['start'], ADA, ACME, ['track', 'Looked']] }],
  },
  {
    name: 'consent revoked',
    options: { requirePublishingConsent: true },
    steps: [
      { open: CAMPAIGN, calls: [['grantPublishingConsent'], ADA] },
      { calls: [['revokePublishingConsent'], ['track', 'Looked'], ACME] },
    ],
  },
  {
    name: 'the README',
    steps: [{ open: CAMPAIGN, calls: README }, { calls: [['start'], ['stop'], ['reset']] }],
  },
];
