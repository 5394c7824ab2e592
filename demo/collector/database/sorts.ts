/** An order of the list of profiles. */
interface Sort {
  /** SQL of what it is ordered by. */
  key: string;
  type: 'timestamptz' | 'text';
  /** SQL of what tells those with the same key and kind apart. */
  tie: string;
  /** SQL of the condition that a profile has a key. Those without one are left out. */
  isPresent?: string;
  /** The direction where a query names none. */
  direction: 'asc' | 'desc';
}

const field = (name: string) => `nullif(metadata ->> '${name}', '')`;

/**
 * SQL of the name that a person is listed by. Who has none comes after all others. Of a name the first 256 characters
 * count, as a key of an index holds 2704 bytes.
 */
const NAME = `coalesce('0' || lower(left(coalesce(${field('name')}, ${field('first_name')} || ' ' || ${field('last_name')},
  ${field('first_name')}, ${field('last_name')}, ${field('email')}, case when kind = 'user' then id end), 256)), '1')`;

/** The orders of the list by their names. Each is that of an index. */
export const SORTS = {
  last_seen: { key: 'modified_time', type: 'timestamptz', tie: 'id', direction: 'desc' },
  first_seen: { key: 'created_time', type: 'timestamptz', tie: 'id', direction: 'desc' },
  signed_up: {
    key: 'identified_time',
    type: 'timestamptz',
    tie: 'id',
    isPresent: 'identified_time is not null',
    direction: 'desc',
  },
  // A digest leaves room for the name.
  name: { key: NAME, type: 'text', tie: 'md5(id)', direction: 'asc' },
} satisfies Record<string, Sort>;

export type SortName = keyof typeof SORTS;

/** Returns an order by its name. */
export const sortOf = (name: SortName = 'last_seen'): Sort => SORTS[name];

/** The times that days can be asked of, with the column of each. */
export const DATES = {
  last_seen: 'modified_time',
  first_seen: 'created_time',
  signed_up: 'identified_time',
} as const;

export type DateName = keyof typeof DATES;
