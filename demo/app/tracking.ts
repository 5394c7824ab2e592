import { init, setUser } from 'utmost';
import { showKnowledge, showReceipt, showServer } from './panel.ts';
import type { Session } from './session.ts';

/** The user whose receipts the panel shows. */
let shownUser: string | undefined;

/** Starts utmost. Called once, before anything else uses it. */
export function startTracking(): void {
  // To the site's own server, which knows the secrets; the marketing site posts to the collector itself.
  init({
    relay: '/t',
    debug: true,
    // What was `queued` is heard of here once it has arrived, also what an earlier page has left.
    onDelivery(receipt, { body }) {
      if (shownUser !== undefined && body.user_id === shownUser) showReceipt(receipt);
    },
  });
  showKnowledge();
}

const toUser = ({ userId, token, ...user }: Session) => ({ ...user, id: userId, sessionToken: token });

/**
 * Tells utmost who is logged in: null for nobody, and undefined while that is not known. Nobody waits for it: the app
 * goes on at once, and the panel shows the receipt later.
 */
export function follow(session: Session | null | undefined): void {
  shownUser = session?.userId;
  showReceipt(session ? undefined : null);
  setUser(session && toUser(session)).then(receipt => {
    // Who has logged out meanwhile is not shown any more.
    if (session && shownUser === session.userId) showReceipt(receipt);
    showKnowledge();
    void showServer();
  });
}
