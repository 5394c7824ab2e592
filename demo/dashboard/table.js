import { COLUMNS, columnOfKey } from './columns.js';
import { element, flash } from './format.js';

/** A row of the table of profiles. It is updated in place, as a card is. */
export class Row {
  json = '';

  constructor(columns) {
    this.columns = columns;
    this.element = element('tr', '');
  }

  /** Shows the profile. Returns false if it is shown already. */
  update(profile) {
    const json = JSON.stringify(profile);
    if (json === this.json) return false;
    this.json = json;
    this.profile = profile;
    this.element.replaceChildren(
      ...this.columns.map(({ title, cell }, index) => {
        const made = element(index === 0 ? 'th' : 'td', '', element('span', '', cell(profile)));
        if (index === 0) made.scope = 'row';
        // On a phone a row is a list, and each cell has its title.
        made.dataset.title = title;
        made.firstChild.dir = 'auto';
        return made;
      }),
    );
    return true;
  }

  flash() {
    flash(this.element);
  }
}

/** Makes the titles of the columns. Those that the list can be ordered by are buttons. */
export function headOf(columns, { sort: sorted, direction }, orderBy) {
  return columns.map(({ title, sort, className = '' }) => {
    const head = element('th', className);
    head.scope = 'col';
    if (!sort) {
      head.append(title);
      return head;
    }
    const button = element('button', 'sort', title);
    button.type = 'button';
    button.dataset.sort = sort;
    button.addEventListener('click', () => orderBy(sort));
    if (sort === sorted) head.setAttribute('aria-sort', direction);
    head.append(button);
    return head;
  });
}

/** The choice of columns: one box a column, and a field for a key of metadata. `choose` hears of the columns then. */
export class ColumnChoice {
  constructor(details, choose) {
    this.details = details;
    this.choose = choose;
    const form = details.querySelector('form');
    form.addEventListener('change', ({ target }) => {
      if (target.type === 'checkbox') this.choose(this.#checked());
    });
    form.addEventListener('submit', event => {
      event.preventDefault();
      const field = form.elements.key;
      const column = columnOfKey(field.value.trim());
      field.value = '';
      if (column && !this.columns.some(({ name }) => name === column.name))
        this.choose([...this.columns, column]);
    });
  }

  /** Offers all columns, with those that are shown checked. Nothing is offered while there is no table. */
  show(columns, isOffered) {
    this.columns = columns;
    const own = columns.filter(({ name }) => !COLUMNS.some(column => column.name === name));
    const names = new Set(columns.map(({ name }) => name));
    this.offered = [...COLUMNS, ...own];
    const focused = document.activeElement?.value;
    const boxes = (isOffered ? this.offered : []).map(({ name, title }) => {
      const box = element('input', '');
      Object.assign(box, { type: 'checkbox', value: name, checked: names.has(name) });
      return element('li', '', element('label', 'choice', box, title));
    });
    const list = this.details.querySelector('ul');
    const isInside = list.contains(document.activeElement);
    list.replaceChildren(...boxes);
    if (isInside) list.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Returns the columns that are checked: those from before in their order, then what is new. */
  #checked() {
    const names = new Set([...this.details.querySelectorAll(':checked')].map(({ value }) => value));
    const kept = this.columns.filter(({ name }) => names.has(name));
    return [...kept, ...this.offered.filter(column => names.has(column.name) && !kept.includes(column))];
  }
}
