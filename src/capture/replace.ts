import { tryOrUndefined } from '../shared/try-or-undefined.ts';

/** Hears of what a call has returned or thrown. */
type After<Result> = (result: Result, error?: unknown) => void;
type Hook<Parameters extends unknown[], Result> = (
  self: never,
  parameters: Parameters,
) => After<Result> | undefined;

/**
 * Replaces a function of an object by one that asks `hook` before each call, and what that returns after it. Both may
 * throw: the call is the page's own. Returns a function that ends it, and puts the first one back where nobody has
 * wrapped ours since. Else ours stays as a plain passage. Undefined where the object does not take it.
 */
export function replace<Name extends string, Parameters extends unknown[], Result>(
  object: { [name in Name]: unknown },
  name: Name,
  hook: Hook<Parameters, Result>,
): (() => void) | undefined {
  const original = object[name] as (...parameters: Parameters) => Result;
  let isOn = true;
  // A method, since it has no prototype of its own.
  const { ours } = {
    ours(this: unknown, ...parameters: Parameters): Result {
      const after = isOn ? tryOrUndefined(() => hook(this as never, parameters)) : undefined;
      let result: Result | undefined;
      let reason: unknown;
      try {
        result = Reflect.apply(original, this ?? object, parameters);
        return result;
      } catch (error) {
        reason = error;
        throw error;
      } finally {
        tryOrUndefined(() => after?.(result as Result, reason));
      }
    },
  };
  tryOrUndefined(() => {
    // Its name and number of parameters, and what a wrapper or polyfill has marked it with.
    Object.defineProperties(ours, Object.getOwnPropertyDescriptors(original));
    object[name] = ours;
  });
  if (object[name] !== ours) return undefined;
  return () => {
    isOn = false;
    if (object[name] === ours) object[name] = original;
  };
}
