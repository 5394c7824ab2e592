import type { Body, CallError, Observer } from './types.ts';

/** Returns what a rejection says. `signal` is the page's own: it may reject with anything. */
export function toCallError(reason: unknown, signal?: AbortSignal | null): CallError {
  const name = (reason as { name?: unknown } | undefined)?.name;
  if (name === 'TimeoutError') return 'timeout';
  return name === 'AbortError' || signal?.aborted ? 'abort' : 'network';
}

/** Joins chunks to one. */
function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, length - offset), offset);
    offset += chunk.length;
  }
  return bytes;
}

/**
 * Reads a copy of a body chunk by chunk, up to the limit in bytes, the time limit, and the page's end. Then it lets go
 * of the rest, so that nothing is kept for a reader that does not come. Never rejects: `error` tells what the page got.
 */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  { limit, bodyTimeout, setTimer, leaving }: Observer,
): Promise<{ body: Body; error?: CallError }> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let isOver = false;
  const release = () => {
    isOver = true;
    reader.cancel().catch(() => {});
  };
  const end = leaving();
  if (end.aborted) release();
  end.addEventListener('abort', release);
  const cancelTimer = setTimer(release, bodyTimeout);
  const result = (isTruncated: boolean) => ({
    body: { bytes: join(chunks, Math.min(length, limit)), isTruncated },
  });
  try {
    while (!isOver) {
      const { done, value } = await reader.read();
      if (done) return result(isOver);
      chunks.push(value);
      length += value.length;
      if (length > limit) release();
    }
    return result(true);
  } catch (reason) {
    return { ...result(true), error: toCallError(reason) };
  } finally {
    cancelTimer();
    end.removeEventListener('abort', release);
  }
}
