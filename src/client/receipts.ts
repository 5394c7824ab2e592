import { isBrowser } from '../browser/page.ts';
import type { Consent } from '../consent/consent.ts';
import { toDropped } from '../identity/calls.ts';
import { dropped, queued } from '../shared/receipt.ts';
import type { Kernel } from './feature.ts';

/** Makes `Kernel.toReceipt`. `consent` returns what the visitor allows, as far as it is known. */
export const createToReceipt =
  (whenReady: Kernel['whenReady'], consent: () => Consent | undefined): Kernel['toReceipt'] =>
  async prepare => {
    try {
      const receipt = await whenReady(prepare());
      if (receipt) return receipt;
    } catch (error) {
      return toDropped(error);
    }
    if (!isBrowser()) return dropped('no-page');
    if (!consent()) return queued('not-started', 'init was not called; call it');
    return consent() === 'denied' ? dropped('consent-denied') : queued('consent-pending');
  };
