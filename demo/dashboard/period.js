const DAY = 86_400_000;

/** The days that are shown where the address names none. */
const USUAL = '30';

/** The choice of days, all of UTC. The address has it: so many days up to today, from a day to a day, or all. */
export class Period {
  /** `onChange` is called when other days were chosen. */
  constructor(form, query, onChange) {
    this.form = form;
    const { days, from, to } = form.elements;
    from.value = query.get('from') ?? '';
    to.value = query.get('to') ?? '';
    const named = query.get('days') ?? USUAL;
    const isOffered = [...days.options].some(({ value }) => value === named);
    days.value = from.value || to.value ? 'some' : isOffered ? named : USUAL;
    this.#showDays();
    form.addEventListener('change', ({ target }) => {
      if (target === days && days.value === 'some') this.#fillDays();
      this.#showDays();
      onChange();
    });
    form.addEventListener('submit', event => event.preventDefault());
  }

  /** Returns the first and the last day, as far as there are any. */
  range() {
    const { days, from, to } = this.form.elements;
    if (days.value === 'all') return {};
    if (days.value === 'some') return without({ from: from.value, to: to.value });
    const today = Date.now();
    return { from: dayOf(today - (Number(days.value) - 1) * DAY), to: dayOf(today) };
  }

  /** Returns the parameters that the address has of it. */
  address() {
    const { days, from, to } = this.form.elements;
    if (days.value === 'some') return without({ from: from.value, to: to.value });
    return days.value === USUAL ? {} : { days: days.value };
  }

  showAll() {
    this.form.elements.days.value = 'all';
    this.form.elements.days.dispatchEvent(new Event('change', { bubbles: true }));
  }

  #fillDays() {
    const { from, to } = this.form.elements;
    to.value ||= dayOf(Date.now());
    from.value ||= dayOf(Date.now() - 29 * DAY);
  }

  #showDays() {
    for (const part of this.form.querySelectorAll('.days'))
      part.hidden = this.form.elements.days.value !== 'some';
  }
}

/** The number of days up to which a chart has a point for each. */
const MAX_DAYS = 92;

/** Tells whether a range is shown by the day or by the month. Without a beginning it is as long as the data. */
export function unitOf({ from, to = dayOf(Date.now()) }) {
  return from !== undefined && (Date.parse(to) - Date.parse(from)) / DAY < MAX_DAYS ? 'day' : 'month';
}

/** Returns a point for each day or month of a range: those without anything, which no answer has, as zeros. */
export function withoutGaps(points, by, { from, to }) {
  if (points.length === 0) return [];
  const found = new Map(points.map(point => [point.start, point]));
  const [first, last] =
    by === 'day' ? [from, to ?? points.at(-1).start] : [points[0].start, points.at(-1).start];
  const all = [];
  for (let start = first; start <= last; start = nextOf(start, by))
    all.push(found.get(start) ?? { start, visitors: 0, signups: 0 });
  return all;
}

function nextOf(start, by) {
  const date = new Date(start);
  if (by === 'day') date.setUTCDate(date.getUTCDate() + 1);
  else date.setUTCMonth(date.getUTCMonth() + 1);
  return dayOf(date.getTime());
}

const dayOf = time => new Date(time).toISOString().slice(0, 10);

const without = values => Object.fromEntries(Object.entries(values).filter(([, value]) => value));
