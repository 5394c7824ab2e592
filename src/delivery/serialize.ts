/** Runs the work one at a time: calls made during a run share the next one. */
export function serialize(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= last = last
      .then(() => {
        next = undefined;
        return work();
      })
      // A failed run must not be the last.
      .catch(console.error);
    return next;
  };
}
