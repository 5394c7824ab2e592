/** A call of a page to an API, and the code that makes it. */
export interface ApiCall {
  name: string;
  /** Statements of an asynchronous function of `url`. What they return is what the page got. */
  code: string;
  /** The path at the API. Default `/api/json`. */
  path?: string;
  /** The origin of the API: that of the page, the same site, or another site. Default: the page's. */
  at?: 'page' | 'site' | 'other site';
  /** True if the call is made to an address as the page would write it, without its origin. */
  isRelative?: boolean;
}

const JSON_POST = `{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"id":7,"password":"p"}' }`;
const byFetch = (init = '') =>
  `const response = await fetch(url${init && `, ${init}`}); return [response.status, (await response.text()).length];`;
/** Code that makes a request object, and waits for its end. */
const byXhr = (verb = 'GET', body = '', more = '') => `
  const xhr = new XMLHttpRequest();
  xhr.open('${verb}', url);
  ${more}
  const end = new Promise(resolve => { xhr.onloadend = resolve; });
  xhr.send(${body});
  await end;
  return [xhr.status, typeof xhr.response];`;
const XHR_JSON = `xhr.setRequestHeader('Content-Type', 'application/json');`;
const SECRET = `{ headers: { Authorization: 'Bearer 1', 'X-Shop': 'nine' } }`;
const FORM = `new URLSearchParams({ name: 'Rex', password: 'p' })`;
const ABORT = 'const end = new AbortController(); setTimeout(() => end.abort(), 50);';

/** Calls that a page makes in the same way by `fetch` and by `XMLHttpRequest`. */
const BOTH: [name: string, byFetch: string, byXhr: string, more?: Partial<ApiCall>][] = [
  ['GET', byFetch(), byXhr()],
  [
    'POST of JSON',
    byFetch(JSON_POST),
    byXhr('POST', `'{"id":7,"password":"p"}'`, XHR_JSON),
    { path: '/api/echo' },
  ],
  [
    'POST of a form',
    byFetch(`{ method: 'POST', body: ${FORM} }`),
    byXhr('POST', FORM),
    { path: '/api/echo' },
  ],
  [
    'POST of text',
    byFetch(`{ method: 'POST', body: 'a\\nbü' }`),
    byXhr('POST', `'a\\nbü'`),
    { path: '/api/echo' },
  ],
  ['404', byFetch(), byXhr(), { path: '/api/missing' }],
  ['500', byFetch(), byXhr(), { path: '/api/fails' }],
  ['no content', byFetch(), byXhr(), { path: '/api/empty' }],
  ['text', byFetch(), byXhr(), { path: '/api/text' }],
  ['bytes', byFetch(), byXhr('GET', '', `xhr.responseType = 'arraybuffer';`), { path: '/api/bytes' }],
  ['200 KB of JSON', byFetch(), byXhr(), { path: '/api/large' }],
  [
    'abort',
    `${ABORT} return fetch(url, { signal: end.signal });`,
    byXhr('GET', '', 'setTimeout(() => xhr.abort(), 50);'),
    { path: '/api/never' },
  ],
  ['network error', byFetch(), byXhr(), { path: '/api/reset' }],
  [
    'secrets',
    byFetch(SECRET),
    byXhr(
      'GET',
      '',
      `xhr.setRequestHeader('Authorization', 'Bearer 1'); xhr.setRequestHeader('X-Shop', 'nine');`,
    ),
    { path: '/api/json?access_token=t&page=2#top' },
  ],
  ['sign-in', byFetch(JSON_POST), byXhr('POST', `'{"id":7}'`, XHR_JSON), { path: '/api/login' }],
  ['another origin of the site', byFetch(), byXhr(), { at: 'site' }],
  ['another site', byFetch(), byXhr(), { at: 'other site' }],
  ['skipped', byFetch(), byXhr(), { path: '/api/json?skipped' }],
  ['masked', byFetch(), byXhr(), { path: '/api/json?masked' }],
  ['a mask that throws', byFetch(), byXhr(), { path: '/api/json?throws' }],
];

export const CALLS: readonly ApiCall[] = [
  ...BOTH.flatMap(([name, ofFetch, ofXhr, more]) => [
    { name: `fetch: ${name}`, code: ofFetch, ...more },
    { name: `XHR: ${name}`, code: ofXhr, ...more },
  ]),
  {
    name: 'fetch: a Request with a body',
    path: '/api/echo',
    code: `const request = new Request(url, ${JSON_POST}); const { status } = await fetch(request); return [status];`,
  },
  { name: 'fetch: no-cors', at: 'other site', code: byFetch(`{ mode: 'no-cors' }`) },
  { name: 'fetch: server-sent events', path: '/api/events', code: byFetch() },
  { name: 'fetch: a relative address', isRelative: true, code: byFetch() },
  { name: 'XHR: a relative address', isRelative: true, code: byXhr() },
  { name: 'XHR: a URL object', code: byXhr().replace("'GET', url", "'GET', new URL(url)") },
  { name: 'XHR: responseType json', code: byXhr('GET', '', `xhr.responseType = 'json';`) },
  { name: 'XHR: timeout', path: '/api/never', code: byXhr('GET', '', 'xhr.timeout = 50;') },
  {
    name: 'XHR: a header twice',
    code: byXhr('GET', '', `xhr.setRequestHeader('X-Shop', '1'); xhr.setRequestHeader('x-shop', '2');`),
  },
];
