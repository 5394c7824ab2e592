/** The work, one run at a time: calls made during a run share the next one. */
export function serialize(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= last = last
      .then(() => {
        next = undefined;
        return work();
      })
      // One run that went wrong must not be the last.
      .catch(console.error);
    return next;
  };
}
