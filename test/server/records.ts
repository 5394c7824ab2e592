import fc from 'fast-check';
import { FIELDS } from '../../src/campaign/parameters.ts';
import { RECORDS } from './cookies.ts';

/** What any script may have written in the place of a value. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('x'.repeat(700), '\0', '[object Object]', -1, 8.64e15),
);
const orAnything = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 8, arbitrary }, { weight: 1, arbitrary: anything });
const id = orAnything(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer()));
const at = orAnything(fc.integer({ min: 1735700000000, max: 1798800000000 }));

const touch = fc.record(
  {
    campaign: orAnything(
      fc.dictionary(fc.constantFrom(...FIELDS, 'other'), orAnything(fc.string({ unit: 'grapheme' }))),
    ),
    at,
    rule: orAnything(fc.constantFrom('campaign', 'referral', 'adopted')),
    path: orAnything(fc.webPath()),
    clickIds: orAnything(fc.dictionary(fc.constantFrom(...FIELDS), orAnything(fc.string()))),
  },
  { requiredKeys: ['campaign', 'at'] },
);

/** Records of one visitor, most of their fields as a page writes them. */
export const anyRecords = fc.record(
  {
    id: orAnything(
      fc.record(
        { anonymousId: id, userId: id, companyId: id, domain: anything },
        { requiredKeys: ['anonymousId'] },
      ),
    ),
    campaign: orAnything(
      fc.record(
        {
          first: orAnything(touch),
          last: orAnything(touch),
          count: orAnything(fc.nat()),
        },
        { requiredKeys: [] },
      ),
    ),
    state: orAnything(fc.record({ lastActivityAt: at, delivered: at }, { requiredKeys: [] })),
    company: orAnything(fc.constant(RECORDS.company)),
    consent: orAnything(fc.record({ choice: orAnything(fc.constantFrom('granted', 'denied')) })),
  },
  { requiredKeys: ['id', 'campaign'] },
);
