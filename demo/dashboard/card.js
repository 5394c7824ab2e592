// A profile is written by whoever reaches the collector: everything goes in by textContent, nothing as markup.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const CAMPAIGN_ORDER = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'gclid',
  'referring_domain',
  'referrer',
];
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** The card of one profile. It is updated in place, so that an open detail stays open and the focus where it is. */
export class Card {
  constructor() {
    const template = document.getElementById('card');
    this.element = template.content.firstElementChild.cloneNode(true);
    this.json = '';
  }

  /** Shows the profile. Answers false if it is what is shown already. */
  update(profile) {
    const json = JSON.stringify(profile, null, 2);
    if (json === this.json) return false;
    this.json = json;
    this.profile = profile;
    const isUser = profile.user_id !== null;
    this.element.classList.toggle('is-user', isUser);
    this.#part('name').textContent = nameOf(profile);
    this.#part('kind').textContent = isUser ? 'Logged in' : 'Anonymous';
    this.#part('id').textContent = isUser ? profile.user_id : profile.anonymous_ids[0];
    this.#part('campaign').replaceChildren(...fields(profile.campaign, CAMPAIGN_ORDER));
    this.#part('metadata').replaceChildren(...fields(profile.metadata));
    this.#part('raw').textContent = json;
    this.tick();
    return true;
  }

  /** Brings "2 minutes ago" up to date. */
  tick() {
    showTime(this.#part('first'), this.profile.created_time);
    showTime(this.#part('last'), this.profile.modified_time);
  }

  /** Draws the eye to a card that has just changed. */
  flash() {
    this.element.classList.remove('is-fresh');
    // Reading the width makes the browser notice that the class was away, and play the animation again.
    void this.element.offsetWidth;
    this.element.classList.add('is-fresh');
  }

  #part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }
}

/** What to call the person of a profile. */
export function nameOf({ user_id, metadata }) {
  if (user_id === null) return 'Anonymous visitor';
  const full = [metadata.first_name, metadata.last_name].filter(isText).join(' ');
  return [metadata.name, full, metadata.email, user_id].find(isText);
}

function isText(value) {
  return typeof value === 'string' && value !== '';
}

/** Names and values. jsonb keeps no order: the names in `order` come first, the others by the alphabet. */
function fields(object, order = []) {
  const known = order.filter(name => Object.hasOwn(object, name));
  const others = Object.keys(object).filter(name => !order.includes(name));
  const names = [...known, ...others.sort()];
  if (names.length === 0) return [pair('None')];
  return names.map(name => pair(name, isText(object[name]) ? object[name] : JSON.stringify(object[name])));
}

function pair(name, value) {
  const row = document.createElement('div');
  const term = document.createElement('dt');
  term.textContent = name;
  row.append(term);
  if (value !== undefined) {
    const description = document.createElement('dd');
    description.textContent = value;
    row.append(description);
  }
  return row;
}

function showTime(element, iso) {
  const time = new Date(iso);
  element.dateTime = iso;
  element.title = absolute.format(time);
  element.textContent = ago((time - Date.now()) / 1000);
}

function ago(seconds) {
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}
