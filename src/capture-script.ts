import { fromMoesifOptions, type MoesifGiven } from './capture/moesif-options.ts';
import { type Capture, startCapture } from './capture/start-capture.ts';
import type { CaptureClient, CaptureOptions } from './capture/types.ts';

// The page's client, which may come later than this script.
const start = (options?: CaptureOptions): Capture => startCapture({} as CaptureClient, options);
Object.assign(globalThis, {
  utmostCapture: Object.assign(start, {
    fromMoesif: (given: MoesifGiven, client: CaptureClient, isOn: boolean) =>
      startCapture(client, fromMoesifOptions(given, isOn)),
  }),
});
if (document.currentScript?.hasAttribute('data-start')) start();
