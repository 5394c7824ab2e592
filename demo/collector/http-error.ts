/** An answer with this status instead of a result. Its message is a sentence that names the field. */
export class HttpError extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 406 | 408 | 413 | 415 | 503,
    message: string,
    /** The path of the field that is wrong. */
    readonly field?: string,
  ) {
    super(message);
  }
}

/** An error in one item of a batch. */
export class ItemError extends HttpError {
  constructor(
    error: HttpError,
    /** From 0. */
    readonly index: number,
  ) {
    super(error.status, `Item ${index}: ${error.message}`, error.field);
  }
}

/**
 * Runs the work for one item of a batch. An HttpError then names its index; without an index it is no batch.
 */
export function forItem<Result>(index: number | undefined, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw index !== undefined && error instanceof HttpError ? new ItemError(error, index) : error;
  }
}

/** Throws a 400. */
export const throwBadRequest = (message: string, field?: string): never => {
  throw new HttpError(400, message, field);
};
