import { isBrowser } from '../browser/page.ts';
import type { Client } from '../client/client.ts';
import type { Feature } from '../client/feature.ts';
import { mergeWaiting } from '../delivery/merge.ts';
import { type Complete, type Settings, toTimeout } from '../options/options.ts';
import { copyOf } from '../shared/json.ts';
import type { Jsonable } from '../shared/jsonable.ts';
import { dropped } from '../shared/receipt.ts';
import type { Entry, Identity, JsonObject, Receipt, UserMetadata } from '../shared/types.ts';
import { type BatchOptions, createBatching } from './action-batching.ts';
import { actionUri, type CampaignFilterOptions } from './campaign-filters.ts';
import type { Metadata } from './companies.ts';
import type { CrossDomainSettings } from './cross-domain/options.ts';
import { takeParameter } from './cross-domain/url.ts';
import type { SessionMethods } from './sessions.ts';

export interface ActionOptions extends BatchOptions {
  /** Keeps the whole query in an action's `request.uri`, not only the campaign parameters. Default false. */
  keepQuery?: boolean | undefined;
}

export interface ActionMethods {
  /**
   * Records what the visitor did, as of the time of the call. Actions wait for each other, at most `batchMaxTime`
   * milliseconds.
   *
   * @param actionName A non-empty string. Anything else is answered `dropped`.
   * @param metadata The action's data: a JSON object of at most 1 MB. Dates become ISO 8601 strings.
   * @returns The receipt. An action that waits for others is `queued` without delay, with the reason `batching`.
   *   Never rejects: check `status`.
   */
  track<T extends Metadata & Jsonable<T>>(actionName: string, metadata?: T | null): Promise<Receipt>;
}

type ActionSettings = Settings &
  Complete<ActionOptions & CampaignFilterOptions> & { crossDomain?: CrossDomainSettings | undefined };

export const ACTION_DEFAULTS: Complete<ActionOptions> = {
  batchEnabled: true,
  batchSize: 25,
  batchMaxTime: 2500, // milliseconds
  keepQuery: false,
};

/** The name under which actions that are sent together wait, whoever did them. Its control character is in no user's id. */
const PROFILE = 'actions:\0';

/** The facts of an action, as far as they are known at the time of the call. */
interface ActionContext {
  name: string;
  /** The time of the action in milliseconds since 1970. */
  at: number;
  /** The page's address. */
  url: string;
  userAgent: string;
  transactionId: string;
  sessionToken: string | undefined;
  metadata: JsonObject | undefined;
}

/** Makes an action in the API's shape, its fields in the documented order. */
function actionEntry(
  { name, at, url, userAgent, transactionId, sessionToken, metadata }: ActionContext,
  { anonymousId, userId, companyId }: Identity,
  settings: ActionSettings,
): Omit<Entry, 'id'> {
  const { crossDomain } = settings;
  const address = crossDomain ? takeParameter(url, crossDomain.parameter).url : url;
  const body = {
    action_name: name,
    company_id: companyId,
    user_id: userId,
    anonymous_id: userId ? undefined : anonymousId,
    session_token: sessionToken,
    request: {
      time: new Date(at).toISOString(),
      uri: actionUri(address, settings),
      verb: 'GET',
      user_agent_string: userAgent,
    },
    transaction_id: transactionId,
    metadata,
  };
  return {
    kind: 'actions',
    profile: settings.batchEnabled ? PROFILE : PROFILE + transactionId,
    body: copyOf(body),
    at,
  };
}

/** Makes the feature that records what visitors do. `userAgent` returns the browser's name for itself. */
export const createActions = (
  userAgent: () => string,
): Feature<ActionSettings, Client & ActionMethods & SessionMethods> => ({
  defaults: ACTION_DEFAULTS,
  checks: { batchMaxTime: ['', toTimeout] },
  create({ client, page, toReceipt, toMetadata }) {
    const { flush } = client;
    let batching: ReturnType<typeof createBatching> | undefined;
    return {
      methods: {
        track(actionName, metadata) {
          const at = page.now();
          return toReceipt(() => {
            if (typeof actionName !== 'string' || !actionName.trim())
              throw dropped('invalid-action-name', 'the action name is empty; pass a text');
            const sessionToken = client.getSession();
            const happened = {
              name: actionName,
              at,
              url: isBrowser() ? page.url() : '',
              userAgent: userAgent(),
              transactionId: page.uuid(),
              sessionToken,
              metadata: toMetadata(metadata as UserMetadata, actionName, sessionToken),
            };
            return ({ visitor, dispatcher, settings }) => {
              const entry = actionEntry(happened, visitor.identity(), settings);
              const submit = () => dispatcher.submit(entry);
              return batching?.add(at, submit, () => void dispatcher.dispatch(entry.profile)) ?? submit();
            };
          });
        },
        flush: () => batching?.flush(flush) ?? flush(),
      },
      begin({ settings }) {
        batching = createBatching(page, settings);
      },
      toBatch: entries => batching?.toBatch(entries) ?? mergeWaiting(entries),
    };
  },
});
