import { ask } from './ask.js';
import { Card } from './card.js';
import { columnsOf, namesOf } from './columns.js';
import { Filters } from './filters.js';
import { copyOf, linkTo, nameOf } from './format.js';
import { ColumnChoice, headOf, Row } from './table.js';
import { cut } from './text.js';

const PAGE = 50;
const number = new Intl.NumberFormat('en');

/** The list of profiles, as cards or as a table. The address holds all that was chosen, so that it can be kept and shared. */
export class People {
  title = 'People';
  // The pages from the first to the one that is shown: after which cursor, and the number of its first profile.
  #pages = [{ start: 1 }];
  #isFirst = true;
  #items = new Map();

  constructor(query, applicationId) {
    this.element = copyOf('people');
    this.applicationId = applicationId;
    this.counts = this.#byId('counts');
    this.newer = this.#byId('newer');
    this.older = this.#byId('older');
    this.filters = new Filters(this.element.querySelector('form.search'), this.#byId('chips'));
    this.filters.fill(query);
    this.columns = columnsOf(query.get('columns') ?? undefined);
    this.choice = new ColumnChoice(this.#byId('columns'), columns => {
      this.columns = columns;
      this.#arrange();
    });
    this.newer.addEventListener('click', () => this.#turn(this.#pages.slice(0, -1)));
    this.older.addEventListener('click', () => this.#turn([...this.#pages, this.next]));
    this.#listen(this.filters.form);
    this.#prepare();
  }

  async refresh() {
    const people = this.filters.people();
    const query = this.#query(people);
    query.set('limit', PAGE);
    const { start, after } = this.#pages.at(-1);
    if (after) query.set('after', after);
    const { profiles, total, next } = await ask(`/profiles?${query}`);
    // All of the last page have come again since, and are in front.
    if (profiles.length === 0 && after) {
      this.#pages = this.#pages.slice(0, -1);
      return this.refresh();
    }
    this.next = { start: start + profiles.length, after: next };
    this.#show(profiles);
    this.#summarise(profiles, people.size > 0, total);
  }

  #listen(form) {
    let timer;
    form.addEventListener('input', ({ target }) => {
      clearTimeout(timer);
      if (target.name === 'view') this.#arrange();
      else
        timer = setTimeout(() => this.#search(), target.type === 'search' || target.id === 'value' ? 250 : 0);
    });
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#search();
    });
    const clear = () => {
      this.filters.clear();
      this.#search();
    };
    this.#byId('clear').addEventListener('click', clear);
    this.#byId('clear-all').addEventListener('click', () => {
      clear();
      form.elements.q.focus();
    });
  }

  /** Shows another page, and puts the reader at its start. */
  async #turn(pages) {
    this.#pages = pages;
    this.#isFirst = true;
    await this.renew();
    this.counts.focus({ preventScroll: true });
    this.element.scrollIntoView();
  }

  #query(people) {
    const query = new URLSearchParams([...people, ...this.filters.ordering()]);
    if (this.applicationId) query.set('application_id', this.applicationId);
    return query;
  }

  #search() {
    this.#pages = [{ start: 1 }];
    this.#isFirst = true;
    this.#prepare();
    this.renew();
  }

  /** Shows the same people in another way. */
  #arrange() {
    this.#isFirst = true;
    this.#prepare();
    this.renew();
  }

  /** Writes the address, and makes ready what the people are shown in. */
  #prepare() {
    const people = this.filters.people();
    const names = namesOf(this.columns);
    const query = new URLSearchParams([...people, ...this.filters.ordering()]);
    if (this.filters.isTable) query.set('view', 'table');
    if (names) query.set('columns', names);
    // Not pushed: a history step for each letter is none that anybody wants to go back to.
    const isFirst = this.address === undefined;
    this.address = query.size > 0 ? `#/?${query}` : '#/';
    if (!isFirst) history.replaceState(null, '', this.address);
    for (const { element } of this.#items.values()) element.remove();
    this.#items.clear();
    this.list = this.#byId(this.filters.isTable ? 'rows' : 'profiles');
    this.#byId('profiles').hidden = this.filters.isTable;
    this.#byId('table').hidden = !this.filters.isTable;
    this.#byId('columns').hidden = !this.filters.isTable;
    this.choice.show(this.columns, this.filters.isTable);
    const sorted = document.activeElement?.dataset.sort;
    const order = sort => {
      this.filters.orderBy(sort);
      this.#search();
    };
    const head = this.#byId('head');
    head.replaceChildren(...headOf(this.columns, this.filters.sorted, order));
    if (sorted) head.querySelector(`[data-sort="${sorted}"]`)?.focus();
    const file = this.#query(people);
    file.set('columns', this.columns.map(({ name }) => name).join(','));
    this.#byId('csv').href = `/profiles.csv?${file}`;
  }

  #show(profiles) {
    const focused = document.activeElement;
    const shown = new Set();
    this.changed = [];
    profiles.forEach((profile, index) => {
      const key = linkTo(profile);
      shown.add(key);
      if (!this.#items.has(key))
        this.#items.set(key, this.filters.isTable ? new Row(this.columns) : new Card());
      const item = this.#items.get(key);
      if (item.update(profile)) this.changed.push(item);
      const there = this.list.children[index];
      if (there !== item.element) this.list.insertBefore(item.element, there ?? null);
    });
    for (const [key, item] of this.#items) {
      if (shown.has(key)) continue;
      item.element.remove();
      this.#items.delete(key);
    }
    // Moving an element takes the focus from it.
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }

  #summarise(profiles, isSearch, { count, is_exact }) {
    const users = profiles.filter(profile => profile.user_id !== null).length;
    const { start } = this.#pages.at(-1);
    const end = start + profiles.length - 1;
    const all = is_exact ? number.format(Math.max(count, end)) : `more than ${number.format(count)}`;
    this.counts.textContent =
      profiles.length > 0
        ? `${number.format(start)}–${number.format(end)} of ${all} · here ${users} logged in, ${profiles.length - users} anonymous`
        : '';
    this.newer.hidden = this.#pages.length === 1;
    this.older.hidden = this.next.after === null;
    this.#byId('csv').hidden = profiles.length === 0;
    this.#byId('table').hidden = !this.filters.isTable || profiles.length === 0;
    this.#byId('empty').hidden = profiles.length > 0 || isSearch;
    this.#byId('none').hidden = profiles.length > 0 || !isSearch;
    this.#tellNews();
  }

  /** Tells what has changed since. What was there when the page was opened is no news. */
  #tellNews() {
    if (!this.#isFirst && this.changed.length > 0) {
      for (const item of this.changed) item.flash();
      const [{ profile }] = this.changed;
      const source = profile.campaign.utm_source ?? profile.campaign.referring_domain;
      document.getElementById('news').textContent =
        this.changed.length > 1
          ? `${this.changed.length} profiles updated`
          : `${nameOf(profile)}${source ? ` from ${cut(source, 80)}` : ''}, updated`;
    }
    this.#isFirst = false;
  }

  #byId(id) {
    return this.element.querySelector(`#${id}`);
  }
}
