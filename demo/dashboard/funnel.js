import { element } from './format.js';
import { label } from './text.js';

/** The number of sources that have a line of their own. */
const MAX_SOURCES = 12;

const number = new Intl.NumberFormat('en');

/**
 * Makes the lines of the funnel from visit to login: all people, then source by source, the largest first.
 *
 * @param sums Sources with their numbers, the largest first. `filter` is what the list finds them by, if it can.
 * @param range The days in which they were first seen.
 */
export function toFunnel(sums, range) {
  const all = { name: 'All sources', filter: {}, ...total(sums) };
  const rest = sums.slice(MAX_SOURCES);
  const others = rest.length > 0 ? [{ name: `${rest.length} more`, ...total(rest) }] : [];
  return [all, ...sums.slice(0, MAX_SOURCES), ...others].map(sum => toLine(sum, range));
}

function toLine({ name, visitors, identified, filter }, range) {
  const share = visitors === 0 ? 0 : identified / visitors;
  const meter = element('meter', '');
  meter.value = share;
  meter.setAttribute('aria-label', `Share of ${label(name, 40)} who logged in`);
  const first = element('th', '', label(name));
  first.scope = 'row';
  const days = Object.keys(range).length > 0 ? { date: 'first_seen', ...range } : {};
  const people = (count, more) => {
    if (!filter || count === 0) return number.format(count);
    const link = element('a', '', number.format(count));
    link.href = `#/?${new URLSearchParams({ ...filter, ...more, ...days, view: 'table' })}`;
    return link;
  };
  return element(
    'tr',
    '',
    first,
    element('td', 'number', people(visitors, {})),
    element('td', 'number', people(identified, { kind: 'user' })),
    element('td', 'share', meter, ` ${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`),
  );
}

const total = sums => ({
  visitors: sums.reduce((all, { visitors }) => all + visitors, 0),
  identified: sums.reduce((all, { identified }) => all + identified, 0),
});
