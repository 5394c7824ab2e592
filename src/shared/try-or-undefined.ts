/** The result, or undefined where the world fails: storage is blocked, an address is malformed. */
export function tryOrUndefined<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
