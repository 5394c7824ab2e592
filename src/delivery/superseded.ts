import type { Entry, JsonObject } from '../shared/types.ts';
import { commutes, merge } from './merge.ts';

/**
 * Checks whether an announcement has nothing to say any more once that update has arrived. An announcement sends the
 * campaign of a visitor not identified yet. The update identifies that visitor, and brings what is newer.
 */
export const isRedundantAfter = (announcement: Entry, { body }: Entry): boolean =>
  !!body.user_id && !announcement.body.user_id && announcement.profile === body.anonymous_id;

export type Superseded = ReturnType<typeof createSuperseded>;

/**
 * Keeps what this page has sent of each profile. It is sent again where an older update, which another page left, is
 * sent only now and conflicts. The newest values have to be the last the server hears.
 */
export function createSuperseded() {
  const sent = new Map<string, Entry>();
  const isSuperseded = (older: Entry): boolean => {
    const newer = sent.get(older.profile);
    return !!newer && older.id < newer.id && !commutes(older.body, newer.body);
  };
  return {
    isSuperseded,
    /** Records that `body` was sent. `newest` is the newest entry in it. */
    recordSent(newest: Entry, body: JsonObject): void {
      const { profile } = newest;
      // Actions have no order.
      if (newest.kind === 'actions') return;
      sent.set(profile, { ...newest, body: merge(sent.get(profile)?.body ?? {}, body) });
    },
    /** Returns the entries that have to be sent again after these. */
    toResend: (entries: readonly Entry[]): Entry[] =>
      entries.flatMap(older => {
        const newer = sent.get(older.profile);
        if (!newer || !isSuperseded(older)) return [];
        sent.delete(older.profile);
        return { ...newer, id: `${newer.id}+` };
      }),
  };
}
