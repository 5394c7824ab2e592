/** The documented limits, in bytes and items. */
export const MAX_ITEM_SIZE = 1024 * 1024;
export const MAX_BATCH_SIZE = 50 * MAX_ITEM_SIZE;
export const MAX_ITEMS = 1000;
