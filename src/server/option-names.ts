/** Refuses, by a TypeError, a name that is no option of `what`: on a server nobody reads a warning. */
export function checkNames(options: object, names: readonly string[], what: string): void {
  for (const name of Object.keys(options))
    if (!names.includes(name))
      throw new TypeError(`utmost: ${name} is no option of ${what}; correct its spelling, or remove it.`);
}
