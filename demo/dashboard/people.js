import { ask } from './ask.js';
import { Card } from './card.js';
import { copyOf, linkTo, nameOf } from './format.js';
import { cut } from './text.js';

const PAGE = 100;
// What the collector answers at most in one page.
const MAX = 1000;

/** The list of profiles with its search. The address holds the search, so that it can be kept and shared. */
export class People {
  title = 'People';
  #limit = PAGE;
  #isFirst = true;
  #cards = new Map();

  constructor(query, applicationId) {
    this.element = copyOf('people');
    this.applicationId = applicationId;
    this.list = this.element.querySelector('#profiles');
    this.more = this.element.querySelector('#more');
    this.form = this.element.querySelector('form');
    this.#fill(query);
    this.more.addEventListener('click', () => {
      this.#limit = Math.min(this.#limit + PAGE, MAX);
      this.#isFirst = true;
      this.renew();
    });
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
    query.set('limit', this.#limit);
    if (this.applicationId) query.set('application_id', this.applicationId);
    const { profiles } = await ask(`/profiles?${query}`);
    this.#show(profiles);
    this.#summarise(profiles, isSearch);
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
    this.#limit = PAGE;
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

  #summarise(profiles, isSearch) {
    const users = profiles.filter(profile => profile.user_id !== null).length;
    const isFull = profiles.length === this.#limit;
    this.element.querySelector('#counts').textContent =
      `${users} logged in · ${profiles.length - users} anonymous${isFull ? ` · the last ${this.#limit}` : ''}`;
    this.element.querySelector('#empty').hidden = profiles.length > 0 || isSearch;
    this.element.querySelector('#none').hidden = profiles.length > 0 || !isSearch;
    this.more.hidden = !isFull || this.#limit >= MAX;

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
