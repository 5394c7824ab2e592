import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import type { JsonObject } from '../shared/types.ts';
import { isText } from './body.ts';
import { parseRedacted, type Redaction, redactForm, redactHeaders, redactText, redactUrl } from './redact.ts';
import type { Body, Call, CaptureEvent, CaptureOptions } from './types.ts';

type WireBody = { body?: unknown; transfer_encoding?: 'json' | 'base64' };

/** Encodes bytes, in steps that fit a function's parameters. */
function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let index = 0; index < bytes.length; index += 0x2000)
    binary += String.fromCharCode(...bytes.subarray(index, index + 0x2000));
  return btoa(binary);
}

/** Returns the secrets' text in the form that is sent: JSON where all of it was captured, else base64. */
function toWireText(text: string, type: string, isTruncated: boolean, redaction: Redaction): WireBody {
  const isJson = /json/i.test(type);
  const parsed =
    !isTruncated && (isJson || /^\s*[[{]/.test(text))
      ? tryOrUndefined(() => ({ value: parseRedacted(text, redaction) }))
      : undefined;
  if (parsed) return { body: parsed.value, transfer_encoding: 'json' };
  const safe = /x-www-form-urlencoded/i.test(type)
    ? redactForm(text, redaction)
    : redactText(text, redaction);
  return { body: toBase64(new TextEncoder().encode(safe)), transfer_encoding: 'base64' };
}

/** Brings a body into the form that is sent, without secrets. Nothing for none. */
export function toWireBody(
  { text, bytes, isTruncated = false }: Body,
  type: string | undefined,
  limit: number,
  redaction: Redaction,
): WireBody & { isTruncated: boolean } {
  const all = bytes ?? new TextEncoder().encode(text);
  const cut = isTruncated || all.length > limit;
  if (!all.length) return { isTruncated: cut };
  // What bytes nobody has named may hold is not looked for.
  if (bytes && type && !isText(type))
    return { body: toBase64(all.subarray(0, limit)), transfer_encoding: 'base64', isTruncated: cut };
  // A character that the limit has cut is left out.
  const whole =
    text !== undefined && !cut ? text : new TextDecoder().decode(all.subarray(0, limit), { stream: cut });
  return { ...toWireText(whole, type ?? '', cut, redaction), isTruncated: cut };
}

/** Returns the trace of a `traceparent` header (W3C Trace Context). */
const toTraceId = (header = '') => /^[\da-f]{2}-([\da-f]{32})-/.exec(header)?.[1];

const toIso = (at: number) => new Date(at).toISOString();

/** Makes the event of a call, with its secrets redacted. `id` is its transaction id. */
export function toEvent(
  call: Call,
  id: string,
  { headers = 'redacted', maxBodyBytes = 0 }: Pick<CaptureOptions, 'headers' | 'maxBodyBytes'>,
  redaction: Redaction,
): CaptureEvent {
  const { caller, requestHeaders, responseHeaders, requestBody, responseBody, at, status, weight } = call;
  const { userId, anonymousId, companyId, sessionToken } = caller;
  const { endedAt = at, respondedAt = endedAt } = call;
  const truncated: string[] = [];
  const capture: JsonObject = { duration_ms: Math.max(0, endedAt - at), kind: call.kind };
  const bodyOf = (
    part: 'request' | 'response',
    body: Body | undefined,
    type: string | undefined,
  ): WireBody => {
    if (!body) return {};
    const { isTruncated, ...wire } = toWireBody(body, type, maxBodyBytes, redaction);
    if (isTruncated) truncated.push(`${part}.body`);
    if (body.size !== undefined) capture[`${part}_size`] = body.size;
    return wire;
  };
  const traceId = toTraceId(requestHeaders.traceparent);
  const event: CaptureEvent = {
    request: {
      time: toIso(at),
      uri: redactUrl(call.url, redaction),
      verb: call.verb,
      headers: redactHeaders(requestHeaders, headers, redaction),
      ...bodyOf('request', requestBody, requestHeaders['content-type']),
    },
    ...(status && {
      response: {
        time: toIso(respondedAt),
        status,
        headers: redactHeaders(responseHeaders, headers, redaction),
        ...bodyOf('response', responseBody, responseHeaders['content-type']),
      },
    }),
    transaction_id: id,
    ...(userId ? { user_id: userId } : { anonymous_id: anonymousId }),
    ...(companyId && { company_id: companyId }),
    ...(sessionToken && { session_token: sessionToken }),
    ...(traceId && { trace_id: traceId }),
    ...(weight > 1 && { weight }),
    direction: 'Outgoing',
  };
  if (call.error) capture.error = call.error;
  if (truncated[0]) capture.truncated = truncated;
  if (call.isOpaque) capture.opaque = true;
  event.metadata = { _capture: capture };
  return event;
}
