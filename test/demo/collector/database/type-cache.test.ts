import { expect, it } from 'vitest';
import { TypeCache } from '../../../../demo/collector/database/type-cache.ts';
import type { MetadataTypes } from '../../../../demo/collector/profiles/metadata-types.ts';

const types = (count: number): MetadataTypes =>
  new Map(Array.from({ length: count }, (_, n) => [`key-${n}`, 'string']));

it('a cache of types that is full forgets all of them at once, and goes on', () => {
  const cache = new TypeCache();
  cache.add('one', types(150_000));
  cache.add('other', types(50_000));
  expect([cache.of('one').size, cache.of('other').size]).toEqual([150_000, 50_000]);
  cache.add('third', types(1));
  expect([cache.of('one').size, cache.of('other').size, cache.of('third').size]).toEqual([0, 0, 1]);
});
