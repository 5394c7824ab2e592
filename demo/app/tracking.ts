import { identifyUser, init, reset } from 'utmost';
import { showKnowledge, showReceipt } from './panel.ts';
import type { Session } from './session.ts';

/** Starts utmost; once, before anything else asks it. */
export function startTracking(): void {
  // To the site's own server, which knows the secrets; the marketing site posts to the collector itself.
  init({ relay: '/t', debug: true });
  showKnowledge();
}

/** Tells utmost who the user is. Nobody waits for it: the app goes on at once, and the panel shows what became of it. */
export function identify({ userId, companyId, token, name, email, company, plan }: Session): void {
  showReceipt();
  identifyUser(userId, { name, email, company, plan }, { companyId, sessionToken: token }).then(receipt => {
    showReceipt(receipt);
    showKnowledge();
  });
}

/** The user has left: the next one on this computer is somebody else. */
export function forget(): void {
  reset();
  showReceipt(null);
  showKnowledge();
}
