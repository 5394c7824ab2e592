import type { MetadataTypes } from '../profiles/metadata-types.ts';

/** The number of keys kept, of all applications together. */
const MAX_KEYS = 200_000;

/**
 * Keeps the types of metadata that this process has read. A stored type never changes, so the cache is never
 * out of date.
 */
export class TypeCache {
  readonly #byApplication = new Map<string, MetadataTypes>();
  #size = 0;

  of(applicationId: string): MetadataTypes {
    return this.#byApplication.get(applicationId) ?? new Map();
  }

  /** Adds types that are stored. */
  add(applicationId: string, types: MetadataTypes): void {
    if (types.size === 0) return;
    this.#size += types.size;
    // Everything at once: what is missing is only read again.
    if (this.#size > MAX_KEYS) {
      this.#byApplication.clear();
      this.#size = types.size;
    }
    this.#byApplication.set(applicationId, new Map([...this.of(applicationId), ...types]));
  }
}
