export { type Capture, startCapture } from './capture/start-capture.ts';
export type {
  CallSummary,
  CaptureClient,
  CaptureEvent,
  CaptureOptions,
  ReadyEvent,
} from './capture/types.ts';
