import { client, sleep } from './log.js';

const EVENTS = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];
/** Progress comes as often as the browser has time: of each run of it the last is told. */
const isProgressAgain = (events, { type }) => type === 'progress' && events.at(-1)?.type === 'progress';

/** Makes a request, and tells all events of it and of its upload, in their order. */
function call(add, prepare, { body, type = '', verb = 'GET' } = {}) {
  const xhr = new XMLHttpRequest();
  const uploaded = [];
  xhr.onreadystatechange = () => add('readystatechange', [xhr.readyState, xhr.status, xhr.statusText]);
  for (const name of EVENTS) {
    xhr.addEventListener(name, event => add(name, event));
    xhr[`on${name}`] = () => add(`on${name}`);
    xhr.upload.addEventListener(name, event => {
      if (isProgressAgain(uploaded, event)) uploaded.pop();
      uploaded.push(event);
    });
  }
  xhr.responseType = type;
  const done = new Promise(resolve => xhr.addEventListener('loadend', resolve));
  const url = prepare(xhr);
  xhr.open(verb, url);
  if (body) xhr.setRequestHeader('Content-Type', 'application/json');
  xhr.send(body);
  return done.then(() => {
    add('uploaded', uploaded);
    add('headers', xhr.getAllResponseHeaders());
    add('end', [xhr.status, xhr.readyState, xhr.responseURL, xhr.response]);
    add('own properties', Object.keys(xhr));
    return xhr;
  });
}
const of = (url, options, prepare) => add =>
  call(
    add,
    xhr => {
      prepare?.(xhr);
      return url;
    },
    options,
  ).then(() => {});

client('XMLHttpRequest', {
  'JSON, sent and received': of('/api/echo', { verb: 'POST', body: '{"id":7,"name":"Zoë"}', type: 'json' }),
  'not found': of('/api/missing'),
  aborted: of('/api/never', {}, xhr => setTimeout(() => xhr.abort(), 50)),
  'aborted while its body comes': of('/api/slow', {}, xhr => {
    xhr.addEventListener('progress', () => xhr.abort());
  }),
  'aborted by its own handler, once done': add =>
    // It has no end of its own then.
    Promise.race([
      sleep(300),
      of('/api/json', {}, xhr => {
        xhr.addEventListener('readystatechange', () => xhr.readyState === 4 && xhr.abort());
      })(add),
    ]),
  'a timeout': of('/api/never', {}, xhr => {
    xhr.timeout = 100;
  }),
  'a network error': of('/api/reset'),
  'a body that breaks off': of('/api/cut'),
  'bytes that come in parts': of('/api/slow', { type: 'arraybuffer' }),
  'upload with progress': of('/api/count', { verb: 'POST', body: 'x'.repeat(3_000_000), type: 'text' }),
  async 'a synchronous one'(add) {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', '/api/json', false);
    xhr.onload = () => add('load');
    xhr.send();
    add('answer', [xhr.status, xhr.responseText]);
    xhr.open('GET', '/api/reset', false);
    try {
      xhr.send();
    } catch (error) {
      add('thrown', error);
    }
  },
  async 'what it refuses'(add) {
    const attempts = [
      xhr => xhr.send(),
      xhr => xhr.setRequestHeader('X-A', '1'),
      xhr => xhr.open('GET'),
      xhr => xhr.open('TRACE', '/'),
      xhr => xhr.open('GET', 'http://'),
      xhr => {
        xhr.open('GET', '/api/json');
        xhr.setRequestHeader('X A', '1');
      },
      () => XMLHttpRequest.prototype.open.call({}, 'GET', '/'),
    ];
    for (const attempt of attempts)
      try {
        attempt(new XMLHttpRequest());
      } catch (error) {
        add('thrown', error);
      }
    const { open, send, abort, setRequestHeader } = XMLHttpRequest.prototype;
    add(
      'functions',
      [open, send, abort, setRequestHeader].map(({ name, length }) => [name, length]),
    );
    add('keys', Object.keys(XMLHttpRequest.prototype));
  },
});
