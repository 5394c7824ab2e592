export { type Capture, startCapture } from './capture/start-capture.ts';
export type { CallSummary, CaptureEvent, CaptureOptions } from './capture/types.ts';
export type { CaptureClient } from './capture/work.ts';
