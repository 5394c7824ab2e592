import { isBrowser } from '../browser/page.ts';
import type { Consent } from '../consent/consent.ts';
import { toJson } from '../identity/metadata.ts';
import { byteLength } from '../shared/byte-length.ts';
import { toText } from '../shared/json.ts';
import { dropped, queued } from '../shared/receipt.ts';
import type { Kernel } from './feature.ts';

/** Most bytes one call may bring: 1 MB, less than a request may hold by the room for ids and campaign. */
const MAX_CALL = 1_000_000;

type Dropped = ReturnType<typeof dropped>;

/** Makes `Kernel.toReceipt`. `consent` returns what the visitor allows, as far as it is known. */
export const createToReceipt =
  (whenReady: Kernel['whenReady'], consent: () => Consent | undefined): Kernel['toReceipt'] =>
  async prepare => {
    try {
      const receipt = await whenReady(prepare());
      if (receipt) return receipt;
    } catch (error) {
      // What the host's own getters and toJSON throw may be anything.
      const { reason = 'invalid-metadata', message = `${error}` } = Object(error) as Partial<Dropped>;
      console.warn('utmost:', message);
      return dropped(reason, message);
    }
    if (!isBrowser()) return dropped('no-page');
    if (!consent()) return queued('not-started', 'init was not called; call it');
    return consent() === 'denied' ? dropped('consent-denied') : queued('consent-pending');
  };

/** Makes `Kernel.toMetadata`. */
export const createToMetadata =
  (whenReady: Kernel['whenReady']): Kernel['toMetadata'] =>
  (metadata, ...others) => {
    const json =
      metadata == null
        ? undefined
        : toJson(metadata, message => void whenReady(({ report }) => report(message)));
    if (byteLength(toText([others, json])) > MAX_CALL)
      throw dropped('too-large', 'the call is over 1 MB; pass less metadata');
    return json;
  };
