import { attempt } from '../attempt.ts';
import { Refusal } from './refusal.ts';

/** Reads a body as JSON, or throws a {@link Refusal}: at most `maxBytes` of it, and only until `signal`. */
export async function readJson(request: Request, maxBytes: number, signal: AbortSignal): Promise<unknown> {
  const type = request.headers.get('Content-Type') ?? '';
  // text/plain is what a beacon and a request without preflight can be; a form is what another site's page can post.
  if (!/^\s*(text\/plain|application\/json)\s*(;|$)/i.test(type))
    throw new Refusal(415, 'The Content-Type must be text/plain or application/json.');
  const bytes = await readBytes(request, maxBytes, signal);
  // Replacing what is no UTF-8 could make two ids one.
  const text = attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const json = text === undefined ? undefined : attempt(() => JSON.parse(text));
  if (json === undefined) throw new Refusal(400, 'The body is not valid JSON.');
  return json;
}

async function readBytes({ body, headers, bodyUsed }: Request, maxBytes: number, signal: AbortSignal) {
  if (bodyUsed) throw new TypeError('utmost: mount the relay before whatever reads the body of a request.');
  const tooLarge = () => new Refusal(413, `The body must be at most ${maxBytes} bytes.`);
  // A smaller number may be a lie; a larger one saves us the reading.
  if (Number(headers.get('Content-Length')) > maxBytes) throw tooLarge();
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  const cancel = () => void reader.cancel().catch(() => {});
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Ends the read that waits.
  signal.addEventListener('abort', cancel);
  try {
    for (;;) {
      const { value } = await reader.read().catch(() => {
        throw new Refusal(400, 'The body broke off.');
      });
      if (signal.aborted) throw new Refusal(408, 'The body did not arrive in time.');
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
