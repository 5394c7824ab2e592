import type { MetadataValue } from './types.ts';

/** The message an editor shows for a value that cannot travel. */
type NoJson = 'has no JSON: leave it out, or pass a text, a number, a list or a plain object';

type Code = ((...parameters: never) => unknown) | (abstract new (...parameters: never) => unknown);

/** Values that JSON refuses, and the platform's own containers (a Map, a promise, bytes), of which JSON shows nothing. */
type Opaque = bigint | symbol | Code | { readonly [Symbol.toStringTag]: string };

/** The members of a class or interface. Nobody can tell whether its functions lie on the prototype, where JSON sees none. */
type MemberOf<T, Value> = T extends { [key: string]: unknown }
  ? AsJson<Value>
  : AsJson<Exclude<Value, Code>> | Extract<Value, Code>;

/** The type itself where it has JSON. A part without JSON, or the whole, is replaced by the editor's message. */
type AsJson<T> = unknown extends T
  ? T
  : T extends MetadataValue
    ? T
    : T extends { toJSON(...parameters: never): infer Result }
      ? Result extends AsJson<Result>
        ? T
        : NoJson
      : T extends Opaque
        ? NoJson
        : { [Key in keyof T]: Key extends symbol ? T[Key] : MemberOf<T, T[Key]> };

/** Types that have JSON, but are no JSON object. */
type NoObject = Date | readonly unknown[];

// In tuples, so that a type parameter of the caller's that is not known yet counts as one that has JSON.
type IsRefused<T> = [unknown] extends [T]
  ? false
  : [T] extends [NoObject]
    ? true
    : [T] extends [AsJson<T>]
      ? false
      : true;

/**
 * The bound of metadata's type: an object that has JSON, be it declared as a type, an interface or a class. A type
 * that leaves its values open (`unknown`, `object`) is checked at the call. The call answers `dropped` where there is
 * no JSON.
 */
export type Jsonable<T> = IsRefused<T> extends true ? (T extends NoObject ? NoJson : AsJson<T>) : unknown;

/** The bound of a user's type, whose id may be a BigInt: it goes out as text. */
export type JsonableUser<T> = Jsonable<T extends { id: bigint } ? Omit<T, 'id'> : T>;
