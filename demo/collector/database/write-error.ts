import { HttpError } from '../http-error.ts';
import { isConflict, isFull, isTooMuch, isUnreachable } from './database.ts';

/** Turns an error of the database into one that its sender can use. */
export function explain(error: unknown): unknown {
  if (isTooMuch(error)) {
    return new HttpError(
      413,
      'The profiles of this batch are too large for one transaction. Send fewer at once.',
    );
  }
  if (isConflict(error))
    return new HttpError(503, 'Too many updates of the same profiles at once. Send it again.');
  if (isFull(error)) return new HttpError(503, 'The disk of the database is full. Send it again later.');
  if (isUnreachable(error)) return new HttpError(503, 'The database can not be reached. Send it again.');
  return error;
}
