import utmost, {
  type Campaign,
  type Client,
  type Decision,
  type DeliveryEntry,
  type DroppedReason,
  explain,
  flush,
  getAnonymousId,
  getCampaign,
  type IdentifyOptions,
  identifyUser,
  init,
  type MetadataValue,
  type Options,
  type ParameterIssueCode,
  type QueuedReason,
  type Receipt,
  type Rule,
  reset,
  setUser,
  type Touch,
  type UnchangedReason,
  type User,
  type UserMetadata,
} from 'utmost';
import { type CaptureOptions, startCapture } from 'utmost/capture';
import { type Channel, type ChannelOptions, channelOf } from 'utmost/channel';
import { type ConsentModeOptions, followConsentMode } from 'utmost/consent-mode';
import { followTcf, type TcfOptions } from 'utmost/consent-tcf';
import { announceCampaign, type FieldNames, fillForms } from 'utmost/forms';
import { openPanel, type PanelOptions } from 'utmost/panel';
import { type ConnectionInfo, createRelay, type Relay, type RelayOptions } from 'utmost/relay';
import { createNodeRelay, type NodeRelay } from 'utmost/relay/node';
import {
  createServerClient,
  type RenewOptions,
  readVisitor,
  renewCookies,
  type ServerClient,
  type ServerOptions,
  type ServerReceipt,
  type StoredVisitor,
  type VisitorOptions,
} from 'utmost/server';
import { type SimulationOptions, simulateVisits } from 'utmost/simulate';
import { watchCampaign } from 'utmost/watch';

// What a site may well write: all of it compiles, as strict as the compiler gets.

/** An environment variable that may not be set: `undefined` is as good as absent. */
declare const maybe: string | undefined;

interface Account {
  id: number;
  plan: 'free' | 'pro';
  since: Date;
  tags: readonly string[];
  manager: { name: string } | null;
}
declare const account: Account;

const options: Options = {
  applicationId: maybe,
  relay: undefined,
  attribution: 'last',
  excludeReferrers: ['sso.example.com'],
  onDelivery: ({ status }: Receipt, { id, body, at }: DeliveryEntry) =>
    console.log(status, id.length, body.user_id, at + 1),
};

export async function login(): Promise<MetadataValue> {
  const client: Client = init(options);
  const { id, ...rest } = account;
  const metadata: UserMetadata = { ...rest, email: maybe, phone: null, nested: { deep: [1, 'a', null] } };
  const more: IdentifyOptions = { companyId: maybe, sessionToken: undefined };
  const receipt = await identifyUser(id, metadata, more);
  await Promise.all([client.identifyUser('12345'), utmost.identifyUser('12345', null, null), flush()]);
  switch (receipt.status) {
    case 'delivered':
    case 'unchanged':
    case 'queued':
      return receipt.httpStatus;
    case 'dropped':
      return receipt.reason;
    default:
      // All there is: a status added later is a change for whoever lists them.
      return receipt satisfies never;
  }
}

/** A reason is a code, of its status; a message is for people. The server's answer is there whatever the status is. */
export function read(
  receipt: Receipt,
): [QueuedReason | DroppedReason | UnchangedReason | undefined, string, number?] {
  const { httpStatus, message = receipt.status } = receipt;
  if (receipt.status === 'queued') {
    const reason: QueuedReason = receipt.reason;
    const text: string = receipt.message;
    return [reason, text];
  }
  if (receipt.status === 'dropped') {
    const reason: DroppedReason = receipt.reason;
    return [reason, receipt.message.trim()];
  }
  const answered: number | undefined = httpStatus;
  return answered === undefined ? [receipt.reason, message] : [receipt.reason, message, answered];
}

interface Member {
  id: string;
  name: string | null;
  companyId?: string;
}
declare const session: { user: Member } | null | undefined;

/** Every state of a session, as auth libraries tell it. */
export function follow(big: { id: bigint; plan: string }): Promise<Receipt>[] {
  const user: User = { id: 1, plan: 'pro', sessionToken: maybe };
  return [
    setUser(session?.user),
    setUser(session && { ...session.user, companyId: maybe }),
    setUser(null),
    setUser(undefined),
    setUser(user),
    setUser(account),
    utmost.setUser(big),
    init(options).setUser({ id: '1', metadata: { nested: new Date() } }),
  ];
}

export function credit({ rule, at }: Touch): Rule | Date {
  return rule === 'adopted' ? new Date(at) : rule;
}

export function look(): (string | undefined)[] {
  const campaign: Campaign | undefined = getCampaign();
  const decisions: Decision[] = explain();
  const codes: ParameterIssueCode[] = decisions.flatMap(({ issues }) => issues.map(({ code }) => code));
  reset();
  return [campaign?.utm_source, getAnonymousId(), decisions[0]?.rule, ...codes];
}

export function rules(site?: string): string | null | undefined {
  const given: SimulationOptions = { attribution: 'first', site };
  const visits = [{ url: 'https://www.example.com/', referrer: maybe }] as const;
  return simulateVisits(visits, given).campaign?.utm_source;
}

export function forms(): (() => void)[] {
  const names: FieldNames = { prefix: maybe, names: { utm_source: ['input_5', 'source'] } };
  return [
    fillForms(utmost, names),
    fillForms(() => (maybe ? utmost : undefined)),
    announceCampaign(utmost, { dataLayer: maybe }),
  ];
}

export function calls(): boolean {
  const options: CaptureOptions = {
    include: ['api.example.net'],
    maskContent: event => event,
    sample: 2,
  };
  return startCapture(utmost, options).stop();
}

export function group(): Channel[] {
  const options: ChannelOptions = { paidClickIds: ['gclid'] };
  return [channelOf(getCampaign()), channelOf({ utm_source: null, msclkid: 'x' }, options), channelOf(null)];
}

export function show(): void {
  const options: PanelOptions = { latestFrom: maybe };
  openPanel();
  openPanel(options);
}

export function serve(request: Request, info: ConnectionInfo): Promise<Response> {
  const settings: RelayOptions = {
    applicationId: maybe,
    userCom: { subdomain: 'acme', token: 'secret', createMissing: undefined },
    trustProxy: 'cf-connecting-ip',
  };
  const onNode: NodeRelay = createNodeRelay(settings);
  console.log(onNode);
  const relay: Relay = createRelay(settings);
  return relay(request, info);
}

export async function signUp(request: Request, account: Account): Promise<string[]> {
  const cookie = request.headers.get('cookie');
  const model: VisitorOptions = { attribution: 'last', consent: 'pending' };
  const { anonymousId, campaign, clickIds, first, last }: StoredVisitor = readVisitor(cookie, model);
  console.log(anonymousId?.length, campaign?.utm_source, clickIds?.gclid, first?.at, last?.rule);
  const settings: ServerOptions = { applicationId: maybe, host: maybe, trustProxy: 1, timeout: 3000 };
  const client: ServerClient = createServerClient(settings);
  const receipt: ServerReceipt = await client.identifyUser(account.id, account, { request, companyId: '7' });
  if (receipt.status === 'dropped') console.warn(receipt.reason, receipt.message);
  await client.identifyCompany('acme', null, 'acme.example', { cookie });
  const renewal: RenewOptions = { domain: 'example.com', consent: maybe ? 'pending' : 'granted' };
  return [...renewCookies(cookie), ...renewCookies(undefined, renewal)];
}

export function followConsent(setConsent: (choice: 'granted' | 'denied') => void): (() => void)[] {
  const mode: ConsentModeOptions = { type: 'ad_user_data', region: maybe, dataLayer: undefined };
  const tcf: TcfOptions = { purposes: [1, 7, 8], vendor: 755 };
  return [
    followConsentMode(setConsent),
    followConsentMode(choice => console.log(choice), mode),
    followTcf(setConsent),
    followTcf(choice => setConsent(choice), tcf),
  ];
}

export const stopWatching: () => void = watchCampaign(campaign => campaign?.utm_source?.toUpperCase());
