import { type CaptureClient, startCapture } from './capture/start-capture.ts';
import type { CaptureOptions } from './capture/types.ts';
import { firstClient } from './client/one-client.ts';

/** The page's client, which may come later than this script. */
const client: CaptureClient = {
  getAnonymousId: () => (firstClient() as Partial<CaptureClient> | undefined)?.getAnonymousId?.(),
  getSession: () => (firstClient() as Partial<CaptureClient> | undefined)?.getSession?.(),
};
const start = (options?: CaptureOptions, of = client) => startCapture(of, options);
Object.assign(globalThis, { utmostCapture: start });
if (document.currentScript?.hasAttribute('data-start')) start();
