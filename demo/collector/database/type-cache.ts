import type { MetadataTypes } from '../profiles/metadata-types.ts';

/** So many keys are remembered, of all applications together. */
const MAX_KEYS = 200_000;

/** What this process has read of the types of metadata. They never change once stored, so it is never out of date. */
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
    // Everything, since to forget is only slow.
    if (this.#size > MAX_KEYS) {
      this.#byApplication.clear();
      this.#size = types.size;
    }
    this.#byApplication.set(applicationId, new Map([...this.of(applicationId), ...types]));
  }
}
