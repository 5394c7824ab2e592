/**
 * Replaces a function of an object by one that `wrap` makes of it. Returns a function that puts the first one back, where
 * nobody has wrapped ours since. Else ours stays, and has to be a plain passage by then. Undefined where the object does
 * not take it.
 */
export function replace<Name extends string, Value>(
  object: { [name in Name]: Value },
  name: Name,
  wrap: (original: Value) => Value,
): (() => void) | undefined {
  const original = object[name];
  if (typeof original !== 'function') return undefined;
  const isOwn = Object.hasOwn?.(object, name) ?? true;
  const ours = wrap(original);
  try {
    // Its name and number of parameters, and what a wrapper or polyfill has marked it with.
    const { prototype: _, ...marks } = Object.getOwnPropertyDescriptors(original) as PropertyDescriptorMap;
    Object.defineProperties(ours, marks);
    object[name] = ours;
  } catch {
    return undefined;
  }
  if (object[name] !== ours) return undefined;
  return () => {
    if (object[name] !== ours) return;
    if (isOwn) object[name] = original;
    else delete (object as Partial<typeof object>)[name];
  };
}
