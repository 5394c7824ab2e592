import type { Page } from '../browser/page.ts';
import { MAX_BYTES } from '../shared/byte-length.ts';
import { isObject, toText } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { JsonObject } from '../shared/types.ts';
import { toEvent } from './event.ts';
import type { Redaction } from './redact.ts';
import { createRateLimit, isSampled } from './sample.ts';
import type { CaptureSettings } from './settings.ts';
import type { Call, Caller, CaptureEvent, Observer } from './types.ts';
import { isSignIn, isWanted } from './wanted.ts';

/** The most that one event has as JSON, in characters. With more it goes without its bodies. */
const MAX_EVENT = 0.86 * MAX_BYTES;

/** Dependencies of a recorder. */
export interface RecorderDependencies {
  page: Pick<Page, 'now' | 'setTimer' | 'uuid'>;
  settings: CaptureSettings;
  redaction: Redaction;
  /** Reads who makes a call. Undefined while nothing may be recorded. */
  caller(): Caller | undefined;
  /** Returns the registrable domain. */
  site(): string;
  /** Checks whether a request is the library's own. */
  isOwn(url: string): boolean;
  leaving(): AbortSignal;
  /** Takes the JSON of an event. */
  add(text: string): void;
  report(message: string): void;
}

type Masking = Pick<CaptureSettings, 'maskContent' | 'getMetadata' | 'getTags' | 'apiVersion'>;

/**
 * Lets the site change an event, and adds what it says. Undefined where the masking fails: an event that was not masked
 * is never sent.
 */
export function mask(
  event: CaptureEvent,
  { maskContent, getMetadata, getTags, apiVersion }: Masking,
): CaptureEvent | undefined {
  const version =
    typeof apiVersion === 'function' ? tryOrUndefined(() => apiVersion(event)) : apiVersion || undefined;
  if (version) event.request.api_version = `${version}`;
  const masked = maskContent ? tryOrUndefined(() => maskContent(event)) : event;
  // A promise is no event, either.
  if (!isObject(masked) || !isObject(masked.request)) return undefined;
  const metadata = tryOrUndefined(() => getMetadata?.(masked));
  if (isObject(metadata)) masked.metadata = { ...metadata, ...(masked.metadata as JsonObject) };
  const tags = tryOrUndefined(() => getTags?.(masked));
  if (tags && typeof tags === 'string') masked.tags = tags;
  return masked;
}

/** Writes an event as JSON. One that is too large goes without its bodies. */
export function write(event: CaptureEvent): string {
  const text = toText(event);
  if (text.length <= MAX_EVENT) return text;
  const { request, response } = event;
  const capture = (event.metadata?._capture ?? {}) as JsonObject;
  capture.truncated = ['request.body', 'response.body'];
  for (const part of [request, response]) {
    delete part?.body;
    delete part?.transfer_encoding;
  }
  return toText(event);
}

/** Runs in a task of its own, behind all that the page has to do. */
function inBackground(run: () => void, setTimer: Page['setTimer']): void {
  const { scheduler } = globalThis as {
    scheduler?: { postTask?(run: () => void, options: { priority: string }): Promise<void> };
  };
  if (scheduler?.postTask) void scheduler.postTask(run, { priority: 'background' }).catch(() => {});
  else setTimer(run, 0);
}

/** Asks the site, and draws lots. Sets the weight of a call that is kept. */
function weigh(call: Call, { skip, sample }: CaptureSettings, toWeight: () => number): boolean {
  const { url, verb, status, caller, isOpaque } = call;
  const requestHeaders = { ...call.requestHeaders };
  const responseHeaders = { ...call.responseHeaders };
  if (tryOrUndefined(() => skip?.({ url, verb, status, requestHeaders, responseHeaders }))) return false;
  const isFailed = !isOpaque && (!status || status >= 500);
  if (!isFailed && !isSampled(caller.userId ?? caller.anonymousId, sample)) return false;
  const weight = toWeight();
  call.weight = weight * (isFailed ? 1 : sample);
  return weight > 0;
}

/** What is said of an event that is dropped. */
export const UNMASKED = 'calls: 1 dropped (maskContent threw, or returned no event)';

/** Makes the decisions about the page's calls, and events of those that are over. */
export function createRecorder(dependencies: RecorderDependencies) {
  const { page, settings, redaction, caller, site, isOwn, leaving, add, report } = dependencies;
  const toWeight = createRateLimit(settings.maxPerMinute, page.now);
  let finished: Call[] = [];
  let isScheduled = false;

  const process = (call: Call) => {
    const event = mask(toEvent(call, page.uuid(), settings, redaction), settings);
    if (event) add(write(event));
    else report(UNMASKED);
  };
  /** Makes events of all calls that are over. */
  const processAll = () => {
    isScheduled = false;
    const calls = finished;
    finished = [];
    for (const call of calls) tryOrUndefined(() => process(call));
  };
  const observer: Pick<Observer, 'begin' | 'isKept' | 'finish' | 'leaving'> = {
    leaving,
    begin(kind, verb, url, headers = {}) {
      const address = new URL(url);
      if (isOwn(url) || 'x-moesif-sdk' in headers) return undefined;
      const who = caller();
      if (!who || !isWanted(address, site(), settings)) return undefined;
      return {
        kind,
        verb,
        url,
        caller: who,
        at: page.now(),
        requestHeaders: headers,
        responseHeaders: {},
        weight: 1,
        hasBodies: settings.bodies !== 'none' && !isSignIn(address) && !leaving().aborted,
      };
    },
    isKept: call => weigh(call, settings, toWeight),
    finish(call) {
      finished.push(call);
      if (leaving().aborted) processAll();
      else if (!isScheduled) {
        isScheduled = true;
        inBackground(processAll, page.setTimer);
      }
    },
  };
  return {
    observer,
    processAll,
    /** Forgets the calls of which no event is made yet. */
    clear(): void {
      finished = [];
    },
  };
}
