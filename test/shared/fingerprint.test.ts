import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toFingerprint } from '../../src/shared/fingerprint.ts';

it('is the same for the same, and leaves the campaign aside', () => {
  const body = { user_id: '1', metadata: { a: [1, { b: null }] } };
  expect(toFingerprint(body)).toBe(toFingerprint(structuredClone(body)));
  expect(toFingerprint({ ...body, campaign: { utm_source: 'x' } })).toBe(toFingerprint(body));
});

it('differs where a character differs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
      fc.pre(one !== other);
      expect(toFingerprint({ user_id: one })).not.toBe(toFingerprint({ user_id: other }));
    }),
  );
});

it('is short and tells nothing of what it was made of', () => {
  expect(toFingerprint({ user_id: 'x'.repeat(100_000), session_token: 'secret' })).toMatch(/^[a-z\d]{1,14}$/);
});

it('has no collision among a hundred thousand ids', () => {
  const digests = new Set(Array.from({ length: 100_000 }, (_, n) => toFingerprint({ user_id: `${n}` })));
  expect(digests.size).toBe(100_000);
});
