import type { Client } from '../client/client.ts';
import type { Feature } from '../client/feature.ts';
import { INVALID_TOKEN, MAX_TOKEN } from '../identity/calls.ts';
import { normalizeId } from '../identity/ids.ts';
import { createSentUpdates } from '../identity/sent-updates.ts';
import type { Settings } from '../options/options.ts';
import { forgetRecord } from './forget-record.ts';

export interface SessionMethods {
  /**
   * Sets the user's session, which is sent with later updates of the user and the company, and with actions. Where
   * the user was identified on this page, it is also sent now. It is kept in this page's memory and in the outbox
   * alone, until `reset` or another user.
   *
   * @param sessionToken A session token or API key of the user. Anything empty is refused on the console.
   */
  identifySession(sessionToken: string | number): void;
  /**
   * Returns the session token given on this page.
   *
   * @returns Undefined where none was given.
   */
  getSession(): string | undefined;
}

/** The record of the session that was sent last. */
const RECORD = 'session';

/**
 * Keeps the session token given on this page, in its memory alone. It belongs to the user who was identified here
 * when it was given. Else it belongs to the one who is identified next. With another user it is forgotten.
 */
function createSession() {
  let token: string | undefined;
  let owner: string | undefined;
  let user: string | undefined;
  /** Returns the token, where it may be that user's. */
  const tokenOf = (userId?: string) => (owner === undefined || owner === userId ? token : undefined);
  return {
    token: () => token,
    tokenOf,
    /** Returns the user who was identified on this page. */
    user: () => user,
    set(next: string): void {
      token = next;
      owner = user;
    },
    identify(userId: string): void {
      token = tokenOf(userId);
      owner = user = userId;
    },
    forget(): void {
      token = owner = user = undefined;
    },
  };
}

/** Sends a session's token with what its user does. */
export const sessions: Feature<Settings, Client & SessionMethods> = {
  create({ client: { identifyUser, reset }, page: { now }, toReceipt, whenReady }) {
    const session = createSession();
    return {
      methods: {
        identifyUser(userId, metadata, options) {
          const sessionToken = options?.sessionToken ?? session.tokenOf(normalizeId(userId));
          return identifyUser(userId, metadata, { ...options, sessionToken });
        },
        identifySession(sessionToken) {
          const token = normalizeId(sessionToken, MAX_TOKEN);
          if (!token) return console.warn(INVALID_TOKEN);
          session.set(token);
          const at = now();
          const userId = session.user();
          if (userId === undefined) return;
          void toReceipt(
            () =>
              ({ visitor, dispatcher, records }) =>
                createSentUpdates(records, RECORD, now).hasChanged({ user_id: userId, session_token: token })
                  ? dispatcher.submit(visitor.toUserUpdate(userId, { session_token: token }, at))
                  : { status: 'unchanged' },
          );
        },
        getSession: session.token,
        reset() {
          session.forget();
          forgetRecord(whenReady, RECORD);
          reset();
        },
      },
      onIdentify: session.identify,
      onDelivered(entries, { records }) {
        for (const {
          kind,
          body: { user_id, session_token },
        } of entries)
          if (!kind && user_id && session_token)
            createSentUpdates(records, RECORD, now).markDelivered({ user_id, session_token });
      },
    };
  },
};
