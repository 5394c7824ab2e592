import { element } from './format.js';
import { headOf } from './table.js';
import { label } from './text.js';

/** The columns: titles, names in the address, what a campaign is ordered by, and classes. */
const COLUMNS = [
  { title: 'Source', sort: 'source', read: ({ source }) => source },
  { title: 'Channel', sort: 'channel', read: ({ channel }) => channel, className: 'detail' },
  { title: 'Medium', sort: 'medium', read: ({ medium }) => medium, className: 'detail' },
  { title: 'Campaign', sort: 'campaign', read: ({ campaign }) => campaign, className: 'detail' },
  { title: 'Visitors', sort: 'visitors', read: ({ visitors }) => visitors, className: 'number' },
  { title: 'Identified', sort: 'identified', read: ({ identified }) => identified, className: 'number' },
  { title: 'Share', sort: 'share', read: shareOf, className: 'number detail' },
];

const USUAL = { sort: 'visitors', direction: 'descending' };
const DIRECTIONS = { asc: 'ascending', desc: 'descending' };

/** The table of campaigns, ordered by a column. The address has the order where it is not the usual one. */
export class CampaignTable {
  #campaigns = [];

  /** `onOrder` is called when a person has chosen another order. */
  constructor(section, query, onOrder) {
    this.rows = section.querySelector('tbody');
    const column = COLUMNS.find(({ sort }) => sort === query.get('sort'));
    this.sorted = column
      ? { sort: column.sort, direction: DIRECTIONS[query.get('order')] ?? firstOf(column) }
      : USUAL;
    const orderBy = sort => {
      this.#orderBy(sort);
      onOrder();
    };
    section.querySelector('thead tr').replaceChildren(...headOf(COLUMNS, this.sorted, orderBy));
  }

  /** Returns the parameters that the address has of the order. */
  address() {
    const { sort, direction } = this.sorted;
    if (sort === USUAL.sort && direction === USUAL.direction) return {};
    return { sort, order: direction === 'ascending' ? 'asc' : 'desc' };
  }

  show(campaigns) {
    this.#campaigns = campaigns;
    const { read } = COLUMNS.find(({ sort }) => sort === this.sorted.sort);
    const sign = this.sorted.direction === 'ascending' ? 1 : -1;
    const ordered = campaigns.toSorted((a, b) => compare(read(a), read(b), sign));
    this.rows.replaceChildren(...ordered.map(toRow));
  }

  #orderBy(sort) {
    const column = COLUMNS.find(column => column.sort === sort);
    const other = this.sorted.direction === 'ascending' ? 'descending' : 'ascending';
    this.sorted = { sort, direction: sort === this.sorted.sort ? other : firstOf(column) };
    const heads = this.rows.parentElement.querySelectorAll('thead th');
    for (const [index, head] of heads.entries()) {
      if (COLUMNS[index].sort === sort) head.setAttribute('aria-sort', this.sorted.direction);
      else head.removeAttribute('aria-sort');
    }
    this.show(this.#campaigns);
  }
}

/** Returns the name of a campaign's source, and what the list finds its people by. */
export function sourceOf({ source, medium }) {
  if (source === null) return { name: '(direct)' };
  return { name: source, filter: { [medium === 'referral' ? 'referring_domain' : 'utm_source']: source } };
}

/** Returns the direction of a first press: names from A, numbers from the largest. */
const firstOf = ({ className = '' }) => (className.includes('number') ? 'descending' : 'ascending');

/** Compares two values. What is missing comes last, whichever way. */
function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  return sign * (typeof a === 'number' ? a - b : a.localeCompare(b));
}

function shareOf({ visitors, identified }) {
  return visitors === 0 ? 0 : identified / visitors;
}

function toRow(row) {
  const { channel, medium, campaign, visitors, identified } = row;
  const first = element('th');
  first.scope = 'row';
  const { name, filter } = sourceOf(row);
  if (!filter) first.append(name);
  else {
    const link = element('a', '', label(name));
    link.href = `#/?${new URLSearchParams(filter)}`;
    first.append(link);
  }
  const filtered = element('a', '', label(channel));
  filtered.href = `#/?${new URLSearchParams({ channel })}`;
  const cells = [
    filtered,
    medium === null ? '–' : label(medium),
    campaign === null ? '–' : label(campaign),
  ].map(cell => element('td', 'detail', cell));
  const numbers = [visitors, identified].map(value => element('td', 'number', String(value)));
  first.append(
    element(
      'span',
      'brief',
      [channel, medium, campaign]
        .filter(name => name !== null)
        .map(name => label(name))
        .join(' · '),
    ),
  );
  const share = `${Math.round(100 * shareOf(row))} %`;
  return element('tr', '', first, ...cells, ...numbers, element('td', 'number detail', share));
}
