/** The largest request body in bytes: the API's bound for one profile, 1 MB. */
export const MAX_BYTES = 1024 * 1024;

/** Counts the bytes of a text in UTF-8. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;
