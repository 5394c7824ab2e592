import type { MetadataValue } from './types.ts';

/** What an editor says of a value that cannot travel. */
type NoJson = 'has no JSON: leave it out, or pass a text, a number, a list or a plain object';

type Code = ((...parameters: never) => unknown) | (abstract new (...parameters: never) => unknown);

/** Values that JSON refuses, and the platform's own containers (a Map, a promise, bytes), of which it shows nothing. */
type Opaque = bigint | symbol | Code | { readonly [Symbol.toStringTag]: string };

/** A class or interface: of its functions nobody can tell whether they lie on the prototype, where JSON sees none. */
type MemberOf<T, Value> = T extends { [key: string]: unknown }
  ? AsJson<Value>
  : AsJson<Exclude<Value, Code>> | Extract<Value, Code>;

/** The type itself where it has JSON; where it has none, in its place or within it, what an editor says. */
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

/** What has JSON, but no object's. */
type NoObject = Date | readonly unknown[];

// In tuples: a type parameter of the caller's, not known yet, then counts as one that has JSON.
type IsRefused<T> = [unknown] extends [T]
  ? false
  : [T] extends [NoObject]
    ? true
    : [T] extends [AsJson<T>]
      ? false
      : true;

/**
 * The bound of metadata's type: an object that has JSON, be it declared as a type, an interface or a class. What a
 * value's type leaves open (`unknown`, `object`) is left to the call, which answers `dropped` where there is no JSON.
 */
export type Jsonable<T> = IsRefused<T> extends true ? (T extends NoObject ? NoJson : AsJson<T>) : unknown;
