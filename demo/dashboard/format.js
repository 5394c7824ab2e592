import { cut, isText, isVisible, label } from './text.js';

// A profile is written by whoever reaches the collector: everything goes in by textContent, nothing as markup.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
/** What is shown of an object: so many fields, and so many characters of each. All of it is in the raw profile. */
const MAX_FIELDS = 40;
const MAX_VALUE = 300;
const MAX_RAW = 100_000;
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

export const CAMPAIGN_ORDER = [
  'channel',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'gclid',
  'referring_domain',
  'referrer',
];

/** Returns the name of a profile's person. */
export function nameOf({ user_id, metadata }) {
  if (user_id === null) return 'Anonymous visitor';
  const full = [metadata.first_name, metadata.last_name].filter(isText).join(' ');
  const name = [metadata.name, full, metadata.email, user_id].find(isVisible);
  return name === undefined ? 'User with a blank id' : cut(name.trim(), 100);
}

/** Returns the address of a person's page in the dashboard. */
export function linkTo({ application_id, user_id, anonymous_ids }) {
  const parts =
    user_id === null ? ['visitor', application_id, anonymous_ids[0]] : ['user', application_id, user_id];
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

/**
 * Lists names and values. jsonb keeps no order: the names in `order` come first, the others by the alphabet.
 */
export function fields(object, order = []) {
  const known = order.filter(name => Object.hasOwn(object, name));
  const others = Object.keys(object).filter(name => !order.includes(name));
  // Of very many the alphabet is of no help, and sorting them takes its time.
  if (others.length < 1000) others.sort();
  const names = [...known, ...others];
  if (names.length === 0) return [pair('None')];
  const shown = names.slice(0, MAX_FIELDS).map(name => pair(label(name), shownValue(object[name])));
  return names.length > MAX_FIELDS ? [...shown, pair(`and ${names.length - MAX_FIELDS} more`)] : shown;
}

const shownValue = value => cut(isText(value) ? value : JSON.stringify(value), MAX_VALUE);

/** Shows an object as JSON in a `details` element. It is made when that is opened: it may have a megabyte. */
export function showRaw(details, object) {
  const show = () => {
    if (!details.open) return;
    const json = JSON.stringify(object, null, 2);
    const rest = json.length > MAX_RAW ? `\n${json.length - MAX_RAW} characters more are not shown.` : '';
    details.querySelector('pre').textContent = cut(json, MAX_RAW) + rest;
  };
  details.ontoggle = show;
  show();
}

/** Creates an element of this name with a class and children, texts among them. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Draws the eye to what has just changed. */
export function flash(shown) {
  shown.classList.remove('is-fresh');
  // Reading the width makes the browser notice that the class was away, and play the animation again.
  void shown.offsetWidth;
  shown.classList.add('is-fresh');
}

/** Copies what a template holds. */
export function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** Shows a time as "2 minutes ago", and when exactly on hovering. */
export function showTime(shown, iso) {
  const time = new Date(iso);
  shown.dateTime = iso;
  shown.title = absolute.format(time);
  shown.textContent = ago((time - Date.now()) / 1000);
}

/** Brings all times on the page up to date. */
export function tick() {
  for (const shown of document.querySelectorAll('time[data-ago]')) showTime(shown, shown.dateTime);
}

/** Creates an element that shows a time in a list. */
export function timeElement(iso) {
  const shown = element('time');
  shown.dataset.ago = '';
  showTime(shown, iso);
  return shown;
}

function pair(name, value) {
  const row = element('div', '', element('dt', '', name));
  if (value !== undefined) {
    const shown = element('dd', '', value);
    shown.dir = 'auto';
    row.append(shown);
  }
  return row;
}

function ago(seconds) {
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}
