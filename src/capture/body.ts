import type { Body } from './types.ts';

const TEXT =
  /^\s*(application\/([\w.+-]+\+)?json|application\/x-www-form-urlencoded|text\/(?!event-stream))/i;
/** What may never end, or has frames of its own. */
const STREAM =
  /event-stream|ndjson|jsonl|json-?(seq|lines)|stream\+|multipart|grpc|wasm|^\s*(audio|video)\//i;

/**
 * Checks whether a body may be read beside the page: text of a known kind, or anything with `hasBytes`, that ends and
 * is not too large.
 */
export function isReadable(headers: Record<string, string>, limit: number, hasBytes: boolean): boolean {
  const type = headers['content-type'] ?? '';
  return (hasBytes || TEXT.test(type)) && !STREAM.test(type) && !(Number(headers['content-length']) > limit);
}

/** Checks whether a body is text. */
export const isText = (type: string | undefined): boolean => TEXT.test(type ?? '');

/** Takes a text, at most as many characters as bytes may be sent. */
export const toTextBody = (text: string, limit: number): Body => ({
  text: text.slice(0, limit),
  isTruncated: text.length > limit,
});

function toBytesBody(bytes: Uint8Array, limit: number, hasBytes: boolean): Body {
  const { byteLength: size } = bytes;
  // A copy: the page may write to its buffer.
  return hasBytes ? { bytes: bytes.slice(0, limit), isTruncated: size > limit } : { size };
}

/** Returns fields of a form by name. Of a file, its name and size. */
function toFields(form: FormData, limit: number): Body {
  const fields: Record<string, unknown> = Object.create(null);
  form.forEach((value: FormDataEntryValue, name) => {
    const told = typeof value === 'string' ? value.slice(0, limit) : { name: value.name, size: value.size };
    fields[name] = name in fields ? [fields[name], told].flat() : told;
  });
  return toTextBody(JSON.stringify(fields), limit);
}

/** Checks a value's kind, also of another frame. */
const isA = (value: unknown, kind: string) => Object.prototype.toString.call(value) === `[object ${kind}]`;

/**
 * Takes what a page sends, in the task of its call: the page may change it later. A stream is not touched. Undefined
 * for no body, and for a document.
 */
export function readBody(value: unknown, limit: number, hasBytes: boolean): Body | undefined {
  if (value == null || value === '' || isA(value, 'HTMLDocument') || isA(value, 'XMLDocument')) return;
  if (isA(value, 'ReadableStream')) return { isTruncated: true };
  if (isA(value, 'FormData')) return toFields(value as FormData, limit);
  if (isA(value, 'Blob') || isA(value, 'File')) return { size: (value as Blob).size };
  if (ArrayBuffer.isView(value))
    return toBytesBody(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), limit, hasBytes);
  if (isA(value, 'ArrayBuffer') || isA(value, 'SharedArrayBuffer'))
    return toBytesBody(new Uint8Array(value as ArrayBuffer), limit, hasBytes);
  // URLSearchParams, too. What else there is the browser sends as its text.
  return toTextBody(String(value), limit);
}
