/** A request that is refused with this status; the message is a sentence that names the field. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 401 | 404 | 406 | 413 | 415 | 503,
    message: string,
    /** The path of the field that is wrong. */
    readonly field?: string,
  ) {
    super(message);
  }
}

/** A refusal because of one item of a batch. */
export class ItemRefusal extends Refusal {
  constructor(
    refusal: Refusal,
    /** From 0. */
    readonly index: number,
  ) {
    super(refusal.status, `Item ${index}: ${refusal.message}`, refusal.field);
  }
}

/** Does the work for one item of a batch: what is refused, is so with its index. Without an index it is no batch. */
export function forItem<Result>(index: number | undefined, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw index !== undefined && error instanceof Refusal ? new ItemRefusal(error, index) : error;
  }
}

export const refuse = (message: string, field?: string): never => {
  throw new Refusal(400, message, field);
};
