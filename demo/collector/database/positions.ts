import type { Database, Query } from './database.ts';

/**
 * How far an application's updates of a queue are written. `stream` names the very stream that `sequence` counts: one
 * that was lost and made again begins with 1 again.
 */
export interface Position {
  stream: string;
  sequence: number;
}

/** A step of a position: from the message before to the last that is written. */
export interface Step extends Position {
  after: number;
}

/** Thrown where the position is not the one that a step begins at: another worker was faster, or one before failed. */
export class Overtaken extends Error {
  constructor() {
    super('The position in the queue is another one.');
  }
}

/** Moves a position, as part of a save. */
export const MOVE = (json: string) => `
  update queue_positions q set sequence = r.sequence
  from jsonb_to_recordset(${json}::jsonb) as r(stream text, after bigint, sequence bigint)
  where q.application_id = $1 and q.stream = r.stream and q.sequence = r.after returning 1`;

/** Reads the position in a stream. It is 0 for one of which nothing is written yet. */
export async function readPosition(
  database: Pick<Database, 'query'>,
  applicationId: string,
  stream: string,
): Promise<number> {
  const read = async () => {
    const { rows } = await database.query<{ sequence: string }>(
      'select sequence::text from queue_positions where application_id = $1 and stream = $2',
      [applicationId, stream],
    );
    return rows[0] && Number(rows[0].sequence);
  };
  const found = await read();
  if (found !== undefined) return found;
  await database.query(
    `insert into queue_positions (application_id, stream, sequence) values ($1, $2, 0)
     on conflict (application_id) do update set stream = excluded.stream, sequence = 0
     where queue_positions.stream <> excluded.stream`,
    [applicationId, stream],
  );
  return (await read()) ?? 0;
}

/** Moves a position by itself. Throws `Overtaken` where it has moved already. */
export async function movePosition(query: Query, applicationId: string, step: Step): Promise<void> {
  const { rows } = await query(MOVE('$2'), [applicationId, JSON.stringify([step])]);
  if (rows.length === 0) throw new Overtaken();
}
