/** A refusal of a request. The message is a sentence for whoever reads the answer. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** A mistake in how the relay is mounted. It is the server's, so no page may take it for a refusal of its update. */
export class MountError extends TypeError {
  constructor(sentence: string) {
    super(`utmost: ${sentence}`);
  }
}
