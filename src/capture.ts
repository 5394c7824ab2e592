export { type Capture, type CaptureClient, startCapture } from './capture/start-capture.ts';
export type { CallSummary, CaptureEvent, CaptureOptions } from './capture/types.ts';
