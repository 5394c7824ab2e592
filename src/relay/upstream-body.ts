/** The most of an answer that is ever read, in bytes. */
const MAX_BYTES = 4096;

/**
 * Opens the body of an upstream's answer, of which only the beginning is needed. What is beyond {@link MAX_BYTES} is
 * given up, and the connection with it. So an answer without end takes no memory.
 */
export function openBody({ body }: Response) {
  const reader = body?.getReader();
  let remaining = MAX_BYTES;
  const read = async () => {
    const chunk = remaining > 0 ? (await reader?.read())?.value : undefined;
    remaining -= chunk?.byteLength ?? 0;
    return chunk;
  };
  return {
    /**
     * Resolves with the first character that is no blank. It is a blank where no other is near, and none where there
     * is no body.
     */
    async firstCharacter(): Promise<string> {
      for (let chunk = await read(); chunk; chunk = await read()) {
        // The marks of an encoding, and the other half of UTF-16's characters, count as blanks.
        const byte = chunk.subarray(0, MAX_BYTES).find(byte => !BLANKS.has(byte));
        if (byte !== undefined) return String.fromCharCode(byte);
      }
      return remaining > 0 ? '' : ' ';
    },
    /** Ends the reading in the background. A short body is read to its end: its connection serves again. */
    async release(): Promise<void> {
      try {
        while (await read());
        await reader?.cancel();
      } catch {
        // The upstream has gone, or the time is up.
      }
    },
  };
}

const BLANKS = new Set([0, 9, 10, 11, 12, 13, 32, 0xef, 0xbb, 0xbf, 0xfe, 0xff]);
