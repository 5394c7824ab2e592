import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { HttpError, MountError } from './http-error.ts';

const MOUNT_FIRST =
  'the body of a request was read before the relay got it; mount the relay before whatever reads bodies, such as express.json(), or use createNodeRelay of utmost/relay/node, which takes req.body.';

/** Reads a body, or throws a {@link HttpError}: at most `maxBytes` of it, and only until `signal`. */
export async function readBytes(
  request: Pick<Request, 'body' | 'bodyUsed' | 'headers'>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { body, headers, bodyUsed } = request;
  const type = headers.get('Content-Type') ?? '';
  // A beacon and a request without preflight can be text/plain. A form is what another site's page can post.
  if (!/^\s*(text\/plain|application\/json)\s*(;|$)/i.test(type))
    throw new HttpError(415, 'The Content-Type is wrong; send text/plain or application/json.');
  if (bodyUsed || body?.locked) throw new MountError(MOUNT_FIRST);
  const tooLarge = () =>
    new HttpError(413, `The body is too large; send at most ${maxBytes} bytes, or raise maxBodyBytes.`);
  const tooSlow = () =>
    new HttpError(408, 'The body did not arrive in time; send it again, or raise timeout.');
  // A smaller number may be a lie. A larger one saves reading the body.
  if (Number(headers.get('Content-Length')) > maxBytes) throw tooLarge();
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Ends a pending read.
  signal.addEventListener('abort', cancel);
  try {
    for (;;) {
      const { value } = await reader.read().catch(() => {
        // What was ended here did not break off, though some runtimes report it as if.
        if (signal.aborted) throw tooSlow();
        throw new HttpError(400, 'The body broke off; send it again.');
      });
      if (signal.aborted) throw tooSlow();
      if (!value) return concatenate(chunks, size);
      chunks.push(value);
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge();
    }
  } catch (error) {
    cancel();
    throw error;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Parses a body, or throws a {@link HttpError}. */
export function parseJson(bytes: Uint8Array): unknown {
  // Replacing what is no UTF-8 could make two ids one.
  const text = tryOrUndefined(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const json = text === undefined ? undefined : tryOrUndefined(() => JSON.parse(text));
  if (json === undefined) throw new HttpError(400, 'The body is not valid JSON; send JSON in UTF-8.');
  return json;
}

/**
 * Runs a check of a body. A body shorter than the request announced is not what the page sent: something has read it,
 * or written it anew. What is wrong with it is then a {@link MountError}, so that the page keeps its update.
 */
export function checkAsSent<T>(headers: Headers, { length }: Uint8Array, check: () => T): T {
  const isEmptied = !length && headers.has('Transfer-Encoding');
  const isCut = isEmptied || Number(headers.get('Content-Length')) > length;
  try {
    return check();
  } catch (error) {
    throw isCut && error instanceof HttpError ? new MountError(MOUNT_FIRST) : error;
  }
}
