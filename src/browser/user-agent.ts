/** Returns the browser's name for itself; nothing where there is none. */
export const userAgent = (): string => globalThis.navigator?.userAgent ?? '';
