import { ChangeFeed } from './collector/database/change-feed.ts';
import type { Database } from './collector/database/database.ts';
import type { Writer } from './collector/database/writer.ts';
import type { EventStream } from './collector/routes/event-stream.ts';

/** What a process does with what it hears. */
export interface FollowOptions {
  /** The address of the server itself, to listen at. */
  url: string;
  database: Database;
  writer: Writer;
  events: EventStream;
  /** The secret for reading that was set; undefined where one was made up. */
  readToken: string | undefined;
}

/** Tells other processes on the same database what changes here, and hears of what they change. */
export function followOthers({ url, database, writer, events, readToken }: FollowOptions): ChangeFeed {
  return new ChangeFeed({
    database,
    url,
    onChange: change => events.publish(change),
    onForeign: ({ application_id, user_id, anonymous_id }) => {
      if (application_id === null) return;
      if (user_id !== null) writer.forget(application_id, [{ kind: 'user', id: user_id }]);
      if (anonymous_id !== null) writer.forget(application_id, [{ kind: 'anonymous', id: anonymous_id }]);
    },
    onGap: () => writer.forgetAll(),
    onPeer: () => {
      if (readToken) return;
      console.warn(
        'Another collector uses this database. Behind one address both need the same READ_TOKEN, or each refuses who is signed in at the other. One is made by: openssl rand -hex 24',
      );
    },
  });
}
