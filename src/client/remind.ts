let isReminded = false;

/** Warns on the console, once a page, that nobody has called `init`. `where` is the place that had no application id. */
export function remindOfInit(where = 'any script tag'): void {
  if (isReminded) return;
  isReminded = true;
  console.warn(`utmost: no application id, or empty, in ${where}; set data-application-id, or call init.`);
}
