import utmost, * as named from 'utmost';
import { channelOf } from 'utmost/channel';
import { followConsentMode } from 'utmost/consent-mode';
import { followTcf } from 'utmost/consent-tcf';
// @ts-expect-error only the entries can be imported
import inside from 'utmost/dist/index.js';
import { identifyCompany, track } from 'utmost/full';
import { createRelay } from 'utmost/relay';
import { createNodeRelay } from 'utmost/relay/node';
import { createServerClient, readVisitor, renewCookies } from 'utmost/server';
import { simulateVisits } from 'utmost/simulate';
import { watchCampaign } from 'utmost/watch';

const { explain, getCampaign, identifyUser, init, reset, setUser } = named;

// What a site may write by mistake: none of it compiles.

declare const maybe: string | undefined;
declare const anyone: { id?: string };
interface Wallet {
  balance: bigint;
}
declare const wallet: Wallet;
interface Contact {
  phone: number;
}
declare const contact: Contact;
declare const pending: Promise<{ plan: string }>;

export function options(): void {
  // @ts-expect-error without options there is nobody to send to
  init();
  // @ts-expect-error a misspelt option
  init({ applicationID: 'app' });
  // @ts-expect-error an application id is a text
  init({ applicationId: 5 });
  // @ts-expect-error there are two models
  init({ applicationId: 'app', attribution: 'linear' });
  // @ts-expect-error a list, even for one
  init({ applicationId: 'app', excludeReferrers: 'sso.example.com' });
  // @ts-expect-error milliseconds are a number
  init({ applicationId: 'app', timeout: '10s' });
  // @ts-expect-error null is no option's value
  init({ applicationId: 'app', relay: null });
}

export function users(): void {
  // @ts-expect-error somebody has to be identified
  identifyUser();
  // @ts-expect-error a user who may have no id
  identifyUser(anyone.id);
  // @ts-expect-error nobody
  identifyUser(null);
  // @ts-expect-error the id, not the user
  identifyUser({ id: '12345' });
  // @ts-expect-error metadata is an object
  identifyUser('12345', 'Ada Holm');
  // @ts-expect-error a reserved name has its type
  identifyUser('12345', { email: 5 });
  // @ts-expect-error a function has no JSON
  identifyUser('12345', { greet() {} });
  // @ts-expect-error nor has a BigInt, however deep
  identifyUser('12345', { plan: { seats: [1n] } });
  // @ts-expect-error nor a Map
  identifyUser('12345', { plan: new Map([['seats', 1]]) });
  // @ts-expect-error nor a Set
  identifyUser('12345', { tags: new Set(['a']) });
  // @ts-expect-error nor a symbol
  identifyUser('12345', { tag: Symbol('a') });
  // @ts-expect-error a declared type is looked into as well
  identifyUser('12345', wallet);
  // @ts-expect-error wherever it is
  track('paid', { wallets: [wallet] });
  // @ts-expect-error whoever it is about
  identifyCompany('67890', { greet: () => {} });
  // @ts-expect-error a reserved name has its type in a declared type too
  identifyUser('12345', contact);
  // @ts-expect-error an await is missing
  identifyUser('12345', pending);
  // @ts-expect-error and here
  identifyUser('12345', { plan: pending });
  // @ts-expect-error a list is no object
  identifyUser('12345', ['a']);
  // @ts-expect-error nor is a date
  track('paid', new Date());
  // @ts-expect-error the company goes into an object
  identifyUser('12345', {}, '67890');
  // @ts-expect-error under its name
  identifyUser('12345', {}, { company: '67890' });
  // @ts-expect-error nothing to say on logout
  reset('12345');
}

export function sessions(): void {
  // @ts-expect-error it is told of nobody by null, and of nothing by undefined
  setUser();
  // @ts-expect-error the user, not the id
  setUser('12345');
  // @ts-expect-error a user has an id
  setUser({ email: 'ada@example.com' });
  // @ts-expect-error one that is there
  setUser(anyone);
  // @ts-expect-error nobody is null
  setUser({ id: null });
  // @ts-expect-error and not false
  setUser(false);
  // @ts-expect-error a reserved name has its type
  setUser({ id: '12345', email: 5 });
  // @ts-expect-error a company has an id
  setUser({ id: '12345', companyId: { id: '67890' } });
  // @ts-expect-error a function has no JSON
  setUser({ id: '12345', greet() {} });
  // @ts-expect-error a BigInt has none but as the id
  setUser({ id: 1n, seats: 1n });
  // @ts-expect-error a declared type is looked into as well
  setUser({ id: '12345', wallet });
  // @ts-expect-error an await is missing
  setUser(Promise.resolve({ id: '12345' }));
}

export async function results(): Promise<void> {
  const receipt = await utmost.identifyUser('12345');
  // @ts-expect-error no such status
  if (receipt.status === 'sent') return;
  // @ts-expect-error not every receipt has a reason
  receipt.reason.trim();
  // @ts-expect-error no such reason
  if (receipt.status === 'queued' && receipt.reason === 'TypeError') return;
  // @ts-expect-error a reason of updates that wait
  if (receipt.status === 'dropped' && receipt.reason === 'network') return;
  // @ts-expect-error no rule is called so
  if (simulateVisits([]).first?.rule === 'organic') return;
  // @ts-expect-error not every visitor came by a campaign
  getCampaign().utm_source;
  // @ts-expect-error a campaign has eight fields
  getCampaign()?.utm_id;
  // @ts-expect-error there may be no decision yet
  explain()[0].rule;
  // @ts-expect-error for tests, by an entry of its own
  utmost.simulateVisits([]);
  // @ts-expect-error no channel is called so
  if (channelOf({}) === 'Organic') return;
  // @ts-expect-error a list of names
  channelOf({}, { paidClickIds: true });
  // @ts-expect-error a visit is to somewhere
  simulateVisits([{ referrer: 'https://news.example/' }]);
  // @ts-expect-error nothing is sent, so nobody is asked where to
  simulateVisits([], { applicationId: 'app' });
}

export function relays(): unknown[] {
  // @ts-expect-error somebody has to be behind it
  createRelay();
  // @ts-expect-error User.com asks for a token
  createRelay({ userCom: { subdomain: 'acme' } });
  // @ts-expect-error a token that may not be set is none
  createRelay({ userCom: { subdomain: 'acme', token: maybe } });
  // @ts-expect-error how many, or which header
  createRelay({ applicationId: 'app', trustProxy: true });
  // @ts-expect-error a relay is called with a request
  createRelay({ applicationId: 'app' })('https://www.example.com/t/v1/users');
  // @ts-expect-error on Node it is called with a request and a response
  void createNodeRelay({ applicationId: 'app' })(new Request('https://www.example.com/t/v1/users'));
  // @ts-expect-error it is no part of what a page loads
  return [named.createRelay, inside];
}

export async function servers(request: Request): Promise<unknown> {
  // @ts-expect-error the header, not the request
  readVisitor(request);
  // @ts-expect-error an option of the page that no cookie depends on
  readVisitor('', { relay: '/t' });
  // @ts-expect-error a server has no page to keep alive
  const { identifyUser, track } = createServerClient({ applicationId: 'app' });
  // @ts-expect-error metadata is an object
  await identifyUser('ada', 'pro');
  // @ts-expect-error browsers take no such policy
  renewCookies('', { sameSite: 'lax' });
  return track;
}

export function adapters(setConsent: (choice: 'granted' | 'denied') => void): void {
  // @ts-expect-error somebody has to be told
  followConsentMode();
  // @ts-expect-error there are two choices
  followTcf((choice: 'granted' | 'pending') => console.log(choice));
  // @ts-expect-error one type decides
  followConsentMode(setConsent, { type: ['ad_storage'] });
  // @ts-expect-error purposes have numbers
  followTcf(setConsent, { purposes: ['measurement'] });
  // @ts-expect-error one vendor, by its name
  followTcf(setConsent, { vendors: [755] });
}

export function watching(): void {
  // @ts-expect-error there may be no campaign
  watchCampaign(campaign => campaign.utm_source);
  // @ts-expect-error there is nobody to tell
  watchCampaign();
}
