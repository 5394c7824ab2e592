/** The documented limits, in bytes and items. */
export const MAX_ITEM_SIZE = 1024 * 1024;
export const MAX_BATCH_SIZE = 50 * MAX_ITEM_SIZE;
export const MAX_ITEMS = 1000;

/** The largest body of a recorded API call that is kept, in bytes of its JSON. */
export const MAX_KEPT_BODY = 16 * 1024;
/** The most parameters in the address of a recorded API call. */
export const MAX_PARAMETERS = 500;
