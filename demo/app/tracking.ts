import { identifyUser, init, reset } from 'utmost';
import { showKnowledge, showReceipt } from './panel.ts';
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

/**
 * Tells utmost who the user is. Nobody waits for it: the app goes on at once, and the panel shows the receipt
 * later.
 */
export function identify({ userId, companyId, token, name, email, company, plan }: Session): void {
  shownUser = userId;
  showReceipt();
  identifyUser(userId, { name, email, company, plan }, { companyId, sessionToken: token }).then(receipt => {
    // Who has logged out meanwhile is not shown any more.
    if (shownUser === userId) showReceipt(receipt);
    showKnowledge();
  });
}

/** Forgets the user who logs out: the next one on this computer is somebody else. */
export function forget(): void {
  reset();
  shownUser = undefined;
  showReceipt(null);
  showKnowledge();
}
