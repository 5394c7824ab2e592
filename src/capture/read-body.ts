import type { Body, Call, CallError } from './types.ts';

/** Returns what a rejection says. `signal` is the page's own: it may reject with anything. */
export function toCallError(reason: unknown, signal?: AbortSignal | null): CallError {
  const name = (reason as Error | undefined)?.name;
  return name === 'TimeoutError' ? 'timeout' : name === 'AbortError' || signal?.aborted ? 'abort' : 'network';
}

/**
 * Reads a copy of a body chunk by chunk, up to the limit in bytes, the time limit, and the page's end. Then it lets go
 * of the rest, so that nothing is kept for a reader that does not come. Never rejects: the call has the error that the
 * page got.
 */
export async function readStream(stream: ReadableStream<Uint8Array>, call: Call): Promise<Body> {
  const { maxBodyBytes: limit, bodyTimeout, setTimer, releases } = call.observer;
  const reader = stream.getReader();
  const bytes = new Uint8Array(limit);
  let length = 0;
  let isTruncated = false;
  const release = () => {
    isTruncated = true;
    reader.cancel().catch(() => {});
  };
  const cancelTimer = setTimer(release, bodyTimeout);
  releases.add(release);
  try {
    while (!isTruncated) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes.set(value.subarray(0, limit - length), length);
      length += value.length;
      if (length > limit) release();
    }
  } catch (reason) {
    isTruncated = true;
    call.error ??= toCallError(reason);
  }
  cancelTimer();
  releases.delete(release);
  return { bytes: bytes.subarray(0, length), isTruncated };
}
