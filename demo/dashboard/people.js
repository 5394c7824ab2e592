import { ask } from './ask.js';
import { Card } from './card.js';
import { copyOf, linkTo, nameOf } from './format.js';
import { cut } from './text.js';

const PAGE = 50;
const number = new Intl.NumberFormat('en');

/** The list of profiles with its search. The address holds the search, so that it can be kept and shared. */
export class People {
  title = 'People';
  // The pages from the newest to the one that is shown: after which cursor, and the number of its first profile.
  #pages = [{ start: 1 }];
  #isFirst = true;
  #cards = new Map();

  constructor(query, applicationId) {
    this.element = copyOf('people');
    this.applicationId = applicationId;
    this.list = this.element.querySelector('#profiles');
    this.counts = this.element.querySelector('#counts');
    this.newer = this.element.querySelector('#newer');
    this.older = this.element.querySelector('#older');
    this.form = this.element.querySelector('form');
    this.#fill(query);
    this.newer.addEventListener('click', () => this.#turn(this.#pages.slice(0, -1)));
    this.older.addEventListener('click', () => this.#turn([...this.#pages, this.next]));
    let timer;
    const search = () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.#search(), 250);
    };
    this.form.addEventListener('input', search);
    this.form.addEventListener('submit', event => {
      event.preventDefault();
      this.#search();
    });
    this.form.addEventListener('reset', () => setTimeout(() => this.#search()));
  }

  async refresh() {
    const query = this.#query();
    const isSearch = query.size > 0;
    query.set('limit', PAGE);
    if (this.applicationId) query.set('application_id', this.applicationId);
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
    this.#summarise(profiles, isSearch, total);
  }

  /** Shows another page, and puts the reader at its start. */
  async #turn(pages) {
    this.#pages = pages;
    this.#isFirst = true;
    await this.renew();
    this.counts.focus({ preventScroll: true });
    this.element.scrollIntoView();
  }

  #fill(query) {
    const { q, kind, channel, field, value } = this.form.elements;
    q.value = query.get('q') ?? '';
    kind.value = query.get('kind') ?? '';
    const named = query.get('channel') ?? '';
    // A site may name channels of its own in the metadata.
    if (![...channel.options].some(({ value }) => value === named)) channel.add(new Option(named));
    channel.value = named;
    const given = [...field.options].find(option => query.has(option.value));
    if (given) {
      field.value = given.value;
      value.value = query.get(given.value);
    }
  }

  #query() {
    const { q, kind, channel, field, value } = this.form.elements;
    const all = {
      q: q.value.trim(),
      kind: kind.value,
      channel: channel.value,
      [field.value]: value.value.trim(),
    };
    return new URLSearchParams(Object.entries(all).filter(([, text]) => text));
  }

  #search() {
    const query = String(this.#query());
    // Not pushed: a history step for each letter is none that anybody wants to go back to.
    history.replaceState(null, '', query ? `#/?${query}` : '#/');
    this.#pages = [{ start: 1 }];
    this.#isFirst = true;
    this.renew();
  }

  #show(profiles) {
    const focused = document.activeElement;
    const shown = new Set();
    this.changed = [];
    profiles.forEach((profile, index) => {
      const key = linkTo(profile);
      shown.add(key);
      if (!this.#cards.has(key)) this.#cards.set(key, new Card());
      const card = this.#cards.get(key);
      if (card.update(profile)) this.changed.push(card);
      const there = this.list.children[index];
      if (there !== card.element) this.list.insertBefore(card.element, there ?? null);
    });
    for (const [key, card] of this.#cards) {
      if (shown.has(key)) continue;
      card.element.remove();
      this.#cards.delete(key);
    }
    // Moving an element takes the focus from it.
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }

  #summarise(profiles, isSearch, { count, is_exact }) {
    const users = profiles.filter(profile => profile.user_id !== null).length;
    const { start } = this.#pages.at(-1);
    const end = start + profiles.length - 1;
    const all = is_exact ? number.format(Math.max(count, end)) : `${number.format(count)}+`;
    this.counts.textContent =
      profiles.length > 0
        ? `${number.format(start)}–${number.format(end)} of ${all} · here ${users} logged in, ${profiles.length - users} anonymous`
        : '';
    this.newer.hidden = this.#pages.length === 1;
    this.older.hidden = this.next.after === null;
    this.element.querySelector('#empty').hidden = profiles.length > 0 || isSearch;
    this.element.querySelector('#none').hidden = profiles.length > 0 || !isSearch;

    // What was there when the page was opened is no news.
    if (!this.#isFirst && this.changed.length > 0) {
      for (const card of this.changed) card.flash();
      const [{ profile }] = this.changed;
      const source = profile.campaign.utm_source ?? profile.campaign.referring_domain;
      document.getElementById('news').textContent =
        this.changed.length > 1
          ? `${this.changed.length} profiles updated`
          : `${nameOf(profile)}${source ? ` from ${cut(source, 80)}` : ''}, updated`;
    }
    this.#isFirst = false;
  }
}
