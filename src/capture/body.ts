import type { Body, CaptureSettings } from './types.ts';

type Rules = Pick<CaptureSettings, 'bodies' | 'maxBodyBytes'>;

const TEXT = /json|urlencoded|^text/i;
/** What may never end, or has frames of its own. */
const STREAM = /event-stream|stream\+|json(l|-?seq|-?lines)|ndjson|multipart|grpc|wasm|audio|video/i;

/** Checks whether a body is text. */
export const isText = (type: string | undefined): boolean => TEXT.test(`${type}`);

/** Checks whether a body is too large, by its length. */
export const isTooLarge = (headers: Record<string, string>, limit: number): boolean =>
  Number(headers['content-length']) > limit;

/** Checks whether a body may be read beside the page: of a kind that is wanted, that ends, and not too large. */
export const isReadable = (headers: Record<string, string>, { bodies, maxBodyBytes }: Rules): boolean =>
  (bodies === 'all' || isText(headers['content-type'])) &&
  !STREAM.test(`${headers['content-type']}`) &&
  !isTooLarge(headers, maxBodyBytes);

/** Writes the fields of a form as JSON. Of a file, its name and size. */
const toFields = (form: FormData, limit: number) =>
  JSON.stringify(
    Object.fromEntries(
      [...form.keys()].map(name => {
        const values = form
          .getAll(name)
          .map(value =>
            typeof value === 'string' ? value.slice(0, limit) : { name: value.name, size: value.size },
          );
        return [name, values[1] ? values : values[0]];
      }),
    ),
  );

/**
 * Takes what a page sends, in the task of its call: the page may change it later. It takes one byte more than the
 * limit, which tells that there are more. A stream is not touched. Undefined for no body, and for a document.
 */
export function readBody(value: unknown, { bodies, maxBodyBytes: limit }: Rules): Body | undefined {
  // Also right for a value of another frame.
  const kind = Object.prototype.toString.call(value);
  if (value == null || /Document/.test(kind)) return undefined;
  if (/Stream/.test(kind)) return { isTruncated: true };
  if (/Blob|File/.test(kind)) return { size: (value as Blob).size };
  if (/Buffer/.test(kind) || ArrayBuffer.isView(value)) {
    const { buffer = value, byteOffset, byteLength } = value as Partial<Uint8Array> & { byteLength: number };
    return bodies === 'all'
      ? { bytes: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice(0, limit + 1) }
      : { size: byteLength };
  }
  // What else there is, URLSearchParams among them, the browser sends as its text.
  const text = /FormData/.test(kind) ? toFields(value as FormData, limit) : `${value}`;
  return { bytes: new TextEncoder().encode(text.slice(0, limit + 1)) };
}
