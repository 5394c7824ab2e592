/** The profile that has changed; all null where it may be anybody's. */
export interface Change {
  application_id: string | null;
  user_id: string | null;
  anonymous_id: string | null;
}

/** The change of whoever it may be: a reader reads all again. */
export const ANYBODY: Change = { application_id: null, user_id: null, anonymous_id: null };

/** The sender of a deletion: what was deleted, no process may remember any longer. */
export const DELETION = '-';

/** What one process tells the others at once. */
export interface Message {
  /** The process that tells it. */
  sender: string;
  /** The position of the primary's log up to which it was written. */
  lsn: string;
  changes: Change[];
}

/** Bytes of the changes in a notification, which PostgreSQL allows 8,000 bytes. */
const MAX_SIZE = 3500;

/** Writes changes as a text for a notification: as they are, or as anybody's where they are too many. */
export function writeChanges(changes: readonly Change[]): string {
  const text = JSON.stringify(
    changes.map(({ application_id, user_id, anonymous_id }) => [application_id, user_id, anonymous_id]),
  );
  return Buffer.byteLength(text) <= MAX_SIZE ? text : writeChanges([ANYBODY]);
}

/** Reads a notification; undefined for one that no collector has sent. */
export function readMessage(payload: string): Message | undefined {
  const [, sender, lsn, text] = /^(\S+) ([\dA-F]+\/[\dA-F]+) (\[.*\])$/s.exec(payload) ?? [];
  if (sender === undefined || lsn === undefined || text === undefined) return undefined;
  try {
    const changes = (JSON.parse(text) as (string | null)[][]).map(
      ([application_id = null, user_id = null, anonymous_id = null]) => ({
        application_id,
        user_id,
        anonymous_id,
      }),
    );
    return { sender, lsn, changes };
  } catch {
    return undefined;
  }
}

/** Returns the later of two positions of the log, which are two hexadecimal numbers. */
export function laterOf(a: string, b: string): string {
  const numberOf = (lsn: string) =>
    lsn.split('/').reduce((sum, part) => (sum << 32n) + BigInt(`0x${part}`), 0n);
  return numberOf(a) < numberOf(b) ? b : a;
}
