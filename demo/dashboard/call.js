import { element, fields, timeElement } from './format.js';
import { cut } from './text.js';

/** Why there was no answer, by what the recording script notes of it. */
const REASONS = { abort: 'aborted', timeout: 'timed out', network: 'network error' };

/** Creates the timeline's entry of a recorded API call. A failed one says so in words, and by colour. */
export function callItem({ time, anonymous_id, body }) {
  const { request, response, weight, metadata = {} } = body;
  const capture = metadata._capture ?? {};
  const failure = failureOf(response, capture);
  const facts = [
    response?.status,
    Number.isFinite(capture.duration_ms) && `${Math.round(capture.duration_ms)} ms`,
    weight > 1 && `stands for ${weight} calls`,
  ].filter(Boolean);
  const item = element(
    'li',
    failure ? 'entry failed' : 'entry',
    element(
      'p',
      'moment',
      element('span', 'badge call', 'API call'),
      element('strong', '', cut(`${request.verb} ${pathOf(request.uri)}`, 200)),
      element('span', 'facts', facts.join(' · ')),
      ...(failure ? [element('span', 'badge failure', failure)] : []),
      timeElement(time),
    ),
  );
  if (anonymous_id !== null) item.append(element('p', 'id', `as visitor ${cut(anonymous_id, 100)}`));
  item.append(details(body));
  return item;
}

/** Says how a call failed; undefined where it did not. An opaque answer is none that a page may read, and no failure. */
function failureOf(response, { error, opaque }) {
  const reason = REASONS[error];
  if (!response) return opaque ? undefined : `No answer${reason ? `: ${reason}` : ''}`;
  if (reason) return `Broken off: ${reason}`;
  if (response.status >= 500) return 'Server error';
  return response.status >= 400 ? 'Refused' : undefined;
}

/** Returns the path of an address, with its host in front where an address has no path to show. */
function pathOf(uri) {
  if (!URL.canParse(uri)) return uri;
  const { pathname, host } = new URL(uri);
  return pathname === '/' ? `${host}/` : pathname;
}

/** Creates the closer look: address, headers and bodies, and what was recorded besides. */
function details(body) {
  const { request, response, metadata, ...rest } = body;
  const made = element('details', '', element('summary', '', 'Headers and bodies'));
  for (const [title, { headers, body: content, body_omitted, ...others }] of [
    ['Request', request],
    ...(response ? [['Response', response]] : []),
  ]) {
    made.append(element('h4', '', title), element('dl', 'fields', ...fields(others)));
    if (Object.keys(headers).length > 0)
      made.append(element('h4', '', `${title} headers`), element('dl', 'fields', ...fields(headers)));
    if (content === undefined && body_omitted === undefined) continue;
    made.append(element('h4', '', `${title} body`));
    if (content === undefined) made.append(element('p', '', `Not kept: ${body_omitted}.`));
    else made.append(element('pre', '', textOf(content, others.transfer_encoding)));
  }
  made.append(element('h4', '', 'Also'), element('dl', 'fields', ...fields({ ...rest, ...metadata })));
  return made;
}

/** Returns a body as text: base64 decoded where it is UTF-8, JSON indented. */
function textOf(content, encoding) {
  if (typeof content !== 'string') return JSON.stringify(content, null, 2);
  if (encoding !== 'base64') return content;
  try {
    const bytes = Uint8Array.from(atob(content), character => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return content;
  }
}
