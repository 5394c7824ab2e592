import type { MetadataTypes } from '../profiles/metadata-types.ts';

/** The number of keys kept, of all applications together. */
const MAX_KEYS = 200_000;

/**
 * Keeps the types of metadata that this process has read. A stored type never changes, but its application's owner may
 * have it forgotten, in another process. So what clashes with a type from here is read again before it is refused.
 */
export class TypeCache {
  readonly #byApplication = new Map<string, MetadataTypes>();
  #size = 0;

  of(applicationId: string): MetadataTypes {
    return this.#byApplication.get(applicationId) ?? new Map();
  }

  /** Adds types that are stored. */
  add(applicationId: string, types: MetadataTypes): void {
    // Everything at once: what is missing is only read again.
    if (this.#size + types.size > MAX_KEYS) this.clear();
    const known = this.#byApplication.get(applicationId) ?? new Map();
    this.#byApplication.set(applicationId, known);
    this.#size -= known.size;
    for (const [key, type] of types) known.set(key, type);
    this.#size += known.size;
  }

  clear(): void {
    this.#byApplication.clear();
    this.#size = 0;
  }

  /** Removes keys whose type is about to be read again. */
  remove(applicationId: string, keys: Iterable<string>): void {
    const known = this.#byApplication.get(applicationId);
    for (const key of keys) if (known?.delete(key)) this.#size--;
  }
}
