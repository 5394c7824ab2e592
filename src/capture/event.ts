import { isObject } from '../shared/json.ts';
import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { isText, isTooLarge } from './body.ts';
import { parseRedacted, type Redaction, redactHeaders, redactText, redactUrl } from './redact.ts';
import type { Body, Call, CaptureEvent, CaptureSettings, ReadyEvent } from './types.ts';

/** The most that one event has as JSON, in characters. With more it goes without its bodies. */
const MAX_EVENT = 900_000;

/** Brings a body into the form that is sent, without secrets: JSON where all of it was captured, else base64. */
export function toWireBody(
  bytes: Uint8Array,
  type: string | undefined,
  isCut: boolean,
  redaction: Redaction,
) {
  let sent = bytes;
  // What bytes nobody has named may hold is not looked for.
  if (!type || isText(type)) {
    // A character that the limit has cut is left out.
    const text = new TextDecoder().decode(bytes, { stream: isCut });
    const parsed = isCut ? undefined : tryOrUndefined(() => [parseRedacted(text, redaction)]);
    if (parsed) return { body: parsed[0] };
    sent = new TextEncoder().encode(redactText(text, redaction));
  }
  const binary = sent.reduce((text, byte) => text + String.fromCharCode(byte), '');
  return { body: btoa(binary), transfer_encoding: 'base64' as const };
}

/** Makes the event of a call, with its secrets redacted. `id` is its transaction id. */
export function toEvent(
  call: Call,
  id: string,
  { headers: kept, maxBodyBytes }: Pick<CaptureSettings, 'headers' | 'maxBodyBytes'>,
  redaction: Redaction,
): CaptureEvent {
  const { at, endedAt = at, kind, status, error, weight, requestHeaders } = call;
  const truncated: string[] = [];
  const sizes: Record<string, number> = {};
  const toPart = (
    name: 'request' | 'response',
    time: number,
    headers: Record<string, string>,
    { bytes = new Uint8Array(), size, isTruncated = bytes.length > maxBodyBytes }: Body = {},
  ) => {
    if (isTruncated || (call.hasBodies && isTooLarge(headers, maxBodyBytes))) truncated.push(`${name}.body`);
    if (size) sizes[`${name}_size`] = size;
    return {
      time: new Date(time).toISOString(),
      headers: redactHeaders(headers, kept, redaction),
      ...(bytes.length &&
        toWireBody(bytes.subarray(0, maxBodyBytes), headers['content-type'], isTruncated, redaction)),
    };
  };
  return {
    ...call.caller,
    transaction_id: id,
    direction: 'Outgoing',
    weight,
    // W3C Trace Context.
    trace_id: /^\w\w-(\w{32})-/.exec(`${requestHeaders.traceparent}`)?.[1],
    request: {
      ...toPart('request', at, requestHeaders, call.requestBody),
      uri: redactUrl(call.url, redaction),
      verb: call.verb,
    },
    response: status
      ? { ...toPart('response', endedAt, call.responseHeaders, call.responseBody), status }
      : undefined,
    metadata: {
      _capture: {
        duration_ms: Math.max(0, endedAt - at),
        kind,
        error,
        truncated: truncated[0] && truncated,
        // The browser does not show the answer.
        opaque: status === 0 || undefined,
        ...sizes,
      },
    },
  };
}

type Masking = Pick<CaptureSettings, 'maskContent' | 'getMetadata' | 'getTags' | 'apiVersion'>;

/**
 * Lets the site change an event, and adds what it says. Returns it as JSON; one that is too large goes without its
 * bodies. Undefined where the masking fails: an event that was not masked is never sent.
 */
export function mask(
  event: ReadyEvent,
  { maskContent, getMetadata, getTags, apiVersion }: Masking,
): string | undefined {
  const ask = (given: unknown, about: unknown): unknown =>
    typeof given === 'function' ? tryOrUndefined(() => given(about)) : given;
  const version = ask(apiVersion, event);
  if (version) event.request.api_version = `${version}`;
  const masked = (maskContent ? ask(maskContent, event) : event) as CaptureEvent | undefined;
  // A promise is no event, either.
  if (!masked?.request) return undefined;
  const metadata = ask(getMetadata, masked);
  if (isObject(metadata)) masked.metadata = { ...metadata, ...masked.metadata };
  const tags = ask(getTags, masked);
  if (tags && typeof tags === 'string') masked.tags = tags;
  const text = JSON.stringify(masked);
  if (text.length <= MAX_EVENT) return text;
  for (const part of [masked.request, masked.response]) delete part?.body;
  Object.assign(masked.metadata?._capture ?? {}, { truncated: ['request.body', 'response.body'] });
  return JSON.stringify(masked);
}
