// A profile is written by whoever reaches the collector: everything goes in by textContent, nothing as markup.

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
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
  return [metadata.name, full, metadata.email, user_id].find(isText);
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
  const names = [...known, ...others.sort()];
  if (names.length === 0) return [pair('None')];
  return names.map(name => pair(name, isText(object[name]) ? object[name] : JSON.stringify(object[name])));
}

/** Creates an element of this name with a class and children, texts among them. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
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

/** Fetches from the collector. Returns undefined for what it does not have. */
export async function ask(path) {
  const response = await fetch(path, { headers: { Accept: 'application/json' } });
  if (response.status === 404) return undefined;
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

function isText(value) {
  return typeof value === 'string' && value !== '';
}

function pair(name, value) {
  const row = element('div', '', element('dt', '', name));
  if (value !== undefined) row.append(element('dd', '', value));
  return row;
}

function ago(seconds) {
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return 'just now';
}
