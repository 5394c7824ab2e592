import { storedKey } from '../profiles/metadata-types.ts';
import { notifyOfDeletion } from './change-feed.ts';
import type { Database } from './database.ts';

/**
 * Forgets the type that a key of metadata has in an application: the next update that brings the key decides it anew.
 * What is stored stays as it is. Running collectors on PostgreSQL are told; one that does not hear learns of it when a value
 * clashes. Returns the type, or undefined where the application has no such key.
 */
export async function forgetType(
  database: Database,
  applicationId: string,
  key: string,
): Promise<string | undefined> {
  const { rows } = await database.query<{ type: string }>(
    'delete from metadata_types where application_id = $1 and key = $2 returning type',
    [applicationId, storedKey(key.replaceAll('.', '_'))],
  );
  if (rows[0]) await notifyOfDeletion(database);
  return rows[0]?.type;
}
