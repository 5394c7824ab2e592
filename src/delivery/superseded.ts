import type { Entry, JsonObject } from '../shared/types.ts';
import { commutes, merge } from './merge.ts';

/**
 * Whether an announcement, which tells the campaign of a visitor not identified yet, has nothing to say any more once that
 * update has arrived: it identifies the visitor, and brings what is newer.
 */
export const isRedundantAfter = (announcement: Entry, { body }: Entry): boolean =>
  !!body.user_id && !announcement.body.user_id && announcement.profile === body.anonymous_id;

/**
 * What this page has said of each profile, to be said again where an older update that another page left, and that
 * says otherwise, is sent only now: the newest values have to be the last the server hears.
 */
export function createSuperseded() {
  const said = new Map<string, Entry>();
  const isSuperseded = (older: Entry): boolean => {
    const newer = said.get(older.profile);
    return !!newer && older.id < newer.id && !commutes(older.body, newer.body);
  };
  return {
    isSuperseded,
    /** `body` was sent, `newest` being the newest entry in it. */
    record(newest: Entry, body: JsonObject): void {
      const { profile } = newest;
      // Actions have no order.
      if (newest.kind === 'actions') return;
      said.set(profile, { ...newest, body: merge(said.get(profile)?.body ?? {}, body) });
    },
    /** What has to follow these entries. */
    toResend: (entries: readonly Entry[]): Entry[] =>
      entries.flatMap(older => {
        const newer = said.get(older.profile);
        if (!newer || !isSuperseded(older)) return [];
        said.delete(older.profile);
        return { ...newer, id: `${newer.id}+` };
      }),
  };
}
