import { fromMoesifOptions, type MoesifGiven } from './capture/moesif-options.ts';
import { type Capture, startCapture } from './capture/start-capture.ts';
import type { CaptureOptions } from './capture/types.ts';
import type { CaptureClient } from './capture/work.ts';
import { firstClient } from './client/one-client.ts';

const find = () => firstClient() as Partial<CaptureClient> | undefined;
/** The page's client, which may come later than this script. */
const first: CaptureClient = {
  getAnonymousId: () => find()?.getAnonymousId?.(),
  getSession: () => find()?.getSession?.(),
};
const start = (options?: CaptureOptions): Capture => startCapture(first, options);
Object.assign(globalThis, {
  utmostCapture: Object.assign(start, {
    fromMoesif: (given: MoesifGiven, client: CaptureClient, isOn: boolean) =>
      startCapture(client, fromMoesifOptions(given, isOn)),
  }),
});
if (document.currentScript?.hasAttribute('data-start')) start();
