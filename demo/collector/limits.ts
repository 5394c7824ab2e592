/** The documented limits, in bytes and items. */
export const MAX_ITEM_SIZE = 1024 * 1024;
export const MAX_BATCH_SIZE = 50 * MAX_ITEM_SIZE;
export const MAX_ITEMS = 1000;

/** The most keys of objects in one item, at all depths. */
export const MAX_ITEM_KEYS = 12_000;
/** The most values in one item: those of keys, and the items of lists. */
export const MAX_ITEM_VALUES = 100_000;
/** The most keys in a batch. */
export const MAX_BATCH_KEYS = 1_000_000;
/** The depth past which no body is read, also where nobody looks at what is nested. */
export const MAX_SCANNED_DEPTH = 20_000;

/** Bytes of bodies, unpacked, that all requests of pages together may hold. */
export const MAX_HELD_SIZE = 28 * MAX_ITEM_SIZE;
/** The same of batches, which have room of their own: servers send them, and pages do not wait for those. */
export const MAX_HELD_BATCHES = 2 * MAX_BATCH_SIZE;

/** Milliseconds that a body may take, whatever its size. */
export const BODY_TIMEOUT = 30_000;
/** Bytes a millisecond as which it must arrive after that. */
export const MIN_BODY_RATE = 64;

/** Bytes of the times that a profile's values were written at, as JSON. */
export const MAX_TIMES_SIZE = 1024 * 1024;

/** Characters of a campaign's value. What comes after is cut off. */
export const MAX_CAMPAIGN_LENGTH = 1024;

/** Milliseconds that a sender's clock may be ahead. What is later counts as now. */
export const MAX_AHEAD = 60_000;

/** The largest body of a recorded API call that is kept, in bytes of its JSON. */
export const MAX_KEPT_BODY = 16 * 1024;
/** The most parameters in the address of a recorded API call. */
export const MAX_PARAMETERS = 500;
