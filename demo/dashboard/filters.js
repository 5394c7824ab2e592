import { element } from './format.js';
import { cut } from './text.js';

/** Parameters that only the address can set. Each is shown as a button that takes it away. */
const OTHERS = ['company_id', 'anonymous_id', 'session_token'];

/** The form of the list: which people, in which order, and how they are shown. The address has all of it. */
export class Filters {
  #extra = [];

  constructor(form, chips) {
    this.form = form;
    this.chips = chips;
  }

  get isTable() {
    return this.form.elements.view.value === 'table';
  }

  /** Fills the form from the parameters of the address. */
  fill(query) {
    const { q, kind, channel, field, value, date, from, to, order, view } = this.form.elements;
    q.value = query.get('q') ?? '';
    kind.value = query.get('kind') ?? '';
    const named = query.get('channel') ?? '';
    // A site may name channels of its own in the metadata.
    if (![...channel.options].some(({ value }) => value === named)) channel.add(new Option(named));
    channel.value = named;
    const [first, ...more] = [...field.options].filter(option => query.has(option.value));
    value.value = first ? query.get(first.value) : '';
    if (first) field.value = first.value;
    const others = [...more.map(option => option.value), ...OTHERS].filter(name => query.has(name));
    this.#extra = others.map(name => [name, query.get(name)]);
    choose(date, query.get('date') ?? 'last_seen');
    from.value = query.get('from') ?? '';
    to.value = query.get('to') ?? '';
    choose(order, [query.get('sort'), query.get('order')].filter(Boolean).join(' '));
    view.value = query.get('view') === 'table' ? 'table' : 'cards';
    this.#showExtra();
  }

  /** Empties what says which people. How they are shown stays. */
  clear() {
    const kept = new URLSearchParams(this.ordering());
    if (this.isTable) kept.set('view', 'table');
    this.fill(kept);
  }

  /** Returns the parameters that say which people, as the collector takes them. */
  people() {
    const { q, kind, channel, field, value, date, from, to } = this.form.elements;
    const hasDays = from.value !== '' || to.value !== '';
    const all = {
      q: q.value.trim(),
      kind: kind.value,
      channel: channel.value,
      [field.value]: value.value.trim(),
      date: hasDays ? date.value : '',
      from: from.value,
      to: to.value,
      ...Object.fromEntries(this.#extra),
    };
    return new URLSearchParams(Object.entries(all).filter(([, text]) => text));
  }

  /** Returns the parameters of the order, none where it is the usual one. */
  ordering() {
    const [sort, order] = this.form.elements.order.value.split(' ');
    return Object.entries({ sort, order }).filter(([, text]) => text);
  }

  /** Orders by a column, and the other way round where it is ordered so already. */
  orderBy(sort) {
    const { order } = this.form.elements;
    const choices = [...order.options].filter(({ dataset }) => dataset.sort === sort);
    order.value = choices.find(({ value }) => value !== order.value).value;
  }

  /** Returns what the list is ordered by, and the direction as `aria-sort` names it. */
  get sorted() {
    const { sort, direction } = this.form.elements.order.selectedOptions[0].dataset;
    return { sort, direction };
  }

  #showExtra() {
    this.chips.replaceChildren(
      ...this.#extra.map(([name, text]) => {
        const chip = element('button', 'chip', `${name}: ${cut(text, 60)} ✕`);
        chip.type = 'button';
        chip.setAttribute('aria-label', `Remove the filter ${name}: ${cut(text, 60)}`);
        chip.addEventListener('click', () => {
          this.#extra = this.#extra.filter(([other]) => other !== name);
          this.#showExtra();
          this.form.requestSubmit();
        });
        return chip;
      }),
    );
  }
}

/** Chooses an option. What the address names and there is not stays as it was. */
function choose(select, value) {
  if ([...select.options].some(option => option.value === value)) select.value = value;
}
