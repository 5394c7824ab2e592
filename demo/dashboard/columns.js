import { element, linkTo, nameOf, timeElement } from './format.js';
import { cut, isVisible, label } from './text.js';

/** Characters of a value that a cell shows. All of it is on the person's page. */
const MAX_CELL = 80;
const MAX_COLUMNS = 100;
const METADATA = 'metadata.';

const text = read => profile => shown(read(profile));
const time = name => profile => (profile[name] ? timeElement(profile[name]) : '–');
const campaign = (name, title) => ({ name, title, cell: text(({ campaign }) => campaign[name]) });

/** The columns that can be chosen: their names in the address and in files, titles, what they sort by, and cells. */
export const COLUMNS = [
  { name: 'name', title: 'Name', sort: 'name', cell: nameCell },
  { name: 'email', title: 'E-mail', cell: text(({ email }) => email) },
  { name: 'company_id', title: 'Company', cell: text(({ company_id }) => company_id) },
  { name: 'channel', title: 'Channel', cell: text(({ channel }) => channel) },
  campaign('utm_source', 'Source'),
  campaign('utm_medium', 'Medium'),
  campaign('utm_campaign', 'Campaign'),
  campaign('utm_term', 'Term'),
  campaign('utm_content', 'Content'),
  campaign('referring_domain', 'Referring domain'),
  campaign('referrer', 'Referrer'),
  campaign('gclid', 'Google click id'),
  { name: 'first_seen', title: 'First seen', sort: 'first_seen', cell: time('created_time') },
  { name: 'signed_up', title: 'Signed up', sort: 'signed_up', cell: time('identified_time') },
  { name: 'last_seen', title: 'Last seen', sort: 'last_seen', cell: time('modified_time') },
  { name: 'user_id', title: 'User id', cell: text(({ user_id }) => user_id) },
  { name: 'anonymous_id', title: 'Anonymous id', cell: text(({ anonymous_ids }) => anonymous_ids[0]) },
  { name: 'application_id', title: 'Application', cell: text(({ application_id }) => application_id) },
  { name: 'ip_address', title: 'IP address', cell: text(({ ip_address }) => ip_address) },
  { name: 'user_agent_string', title: 'Browser', cell: text(({ user_agent_string }) => user_agent_string) },
];

const DEFAULT = ['name', 'email', 'channel', 'utm_source', 'utm_campaign', 'first_seen', 'last_seen'];

/** Returns the columns that the address names, or the usual ones. A key of metadata is `metadata.<key>`. */
export function columnsOf(names) {
  const wanted = names?.split(',').slice(0, MAX_COLUMNS) ?? DEFAULT;
  const found = wanted.map(columnNamed).filter(Boolean);
  return found.length > 0 ? found : columnsOf();
}

/** Returns the columns as the address names them; undefined for the usual ones. */
export function namesOf(columns) {
  const names = columns.map(({ name }) => name).join(',');
  return names === DEFAULT.join(',') ? undefined : names;
}

/** Returns the column of a key of metadata. A comma parts the names of columns, so that no key may have one. */
export const columnOfKey = key => columnNamed(METADATA + key.replaceAll(',', ''));

function columnNamed(name) {
  const known = COLUMNS.find(column => column.name === name);
  if (known || !name.startsWith(METADATA) || name === METADATA) return known;
  const key = name.slice(METADATA.length);
  const read = ({ metadata }) => (Object.hasOwn(metadata, key) ? metadata[key] : undefined);
  return { name, title: label(key, 40), cell: text(read) };
}

function nameCell(profile) {
  const link = element('a', '', nameOf(profile));
  link.href = linkTo(profile);
  const isUser = profile.user_id !== null;
  return isUser ? link : element('span', 'anonymous', link);
}

function shown(value) {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value !== 'string') return cut(JSON.stringify(value), MAX_CELL);
  return isVisible(value) ? cut(value, MAX_CELL) : '(blank)';
}
