/** Returns the result of `run`, or undefined where it throws: storage is blocked, an address is malformed. */
export function tryOrUndefined<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
