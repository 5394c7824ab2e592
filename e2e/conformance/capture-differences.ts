import { because, type Difference } from './differences.ts';

/** What differs in the recording of API calls, by the rule that each stems from: docs/capture.md has them as a table. */
export const CALL_DIFFERENCES: readonly Difference[] = [
  ...because(
    'The page’s `Request` object is left alone; there a second one is made of it, which uses up its body, and the page’s call fails.',
    ['fetch: a Request with a body', 'the page got', '*TypeError*', '[[200]]'],
    ['fetch: a Request with a body', '*', undefined, '*'],
  ),
  ...because(
    'No error of the recording, or of the site’s masking, reaches the page; there it is an uncaught one.',
    ['*: a mask that throws', 'the page got', '*a mask that throws*', '[[200,*]]'],
    ['XHR: a URL object', 'the page got', '*toLowerCase is not a function*', '[[200,*]]'],
    ['XHR: bytes', 'the page got', '*InvalidStateError*', '[[200,*]]'],
    ['XHR: responseType json', 'the page got', '*InvalidStateError*', '[[200,*]]'],
  ),
  ...because(
    'A request object is recorded whatever its `responseType` and the kind of its address; there that error loses the call.',
    ['XHR: a URL object', '*', undefined, '*'],
    ['XHR: bytes', '*', undefined, '*'],
    ['XHR: responseType json', '*', undefined, '*'],
  ),
  ...because(
    'A `fetch` that is aborted or fails is recorded; there it leaves no event.',
    ['fetch: abort', '*', undefined, '*'],
    ['fetch: network error', '*', undefined, '*'],
  ),
  ...because(
    'A call without an answer has no response, and says why; there its status is 0.',
    ['XHR: abort', 'response.*', '*', undefined],
    ['XHR: network error', 'response.*', '*', undefined],
    ['XHR: timeout', 'response.*', '*', undefined],
    ['XHR: abort', 'metadata._capture.error', undefined, 'abort'],
    ['XHR: network error', 'metadata._capture.error', undefined, 'network'],
    ['XHR: timeout', 'metadata._capture.error', undefined, 'timeout'],
  ),
  ...because(
    'Only calls to the page’s own site are recorded, unless `include` names others; there all are.',
    ['fetch: another site', '*', '*', undefined],
    ['XHR: another site', '*', '*', undefined],
    ['fetch: no-cors', '*', '*', undefined],
  ),
  ...because('Calls to sign-in addresses are never recorded, unless `exclude` says so.', [
    '*: sign-in',
    '*',
    '*',
    undefined,
  ]),
  ...because(
    'Secrets of bodies, headers and addresses are redacted, and an address has no fragment.',
    ['*', 'request.body', '*"password":"p"*', '*"password":"_redacted_"*'],
    ['*', 'response.body', '*"password":"p"*', '*"password":"_redacted_"*'],
    ['*', 'response.body', '*"token":"secret"*', '*"token":"_redacted_"*'],
    // name=Rex&password=p, and the same with _redacted_ in place of p.
    [
      '*: POST of a form',
      '*.body',
      'bmFtZT1SZXgmcGFzc3dvcmQ9cA==',
      '*bmFtZT1SZXgmcGFzc3dvcmQ9X3JlZGFjdGVkXw==',
    ],
    ['*: secrets', 'request.headers.authorization', '*', '_redacted_'],
    ['*: secrets', 'request.uri', '*access_token=t&*#top', '*access_token=_redacted_&page=2&call=*'],
  ),
  ...because(
    'A form that a request object sends is recorded as its text; there as an empty object.',
    ['XHR: POST of a form', 'request.body', '{}', '*X3JlZGFjdGVkXw=='],
    ['XHR: POST of a form', 'request.transfer_encoding', undefined, 'base64'],
  ),
  ...because(
    'A body has at most 100 KB; of a longer one the beginning is sent as text, and `truncated` tells it.',
    ['*: 200 KB of JSON', 'response.body', '{"text":"xxx*', 'eyJ0ZXh0IjoieHh4*'],
    ['*: 200 KB of JSON', 'response.transfer_encoding', undefined, 'base64'],
    ['*: 200 KB of JSON', 'metadata._capture.truncated', undefined, '["response.body"]'],
  ),
  ...because(
    'Bytes are not sent as text, which they are not, and of streams nothing is read.',
    ['fetch: bytes', 'response.*', '*', undefined],
    ['fetch: server-sent events', 'response.*', '*', undefined],
  ),
  ...because(
    'Text is sent byte by byte as it came; there line ends are changed, and characters beyond the first 65,536 split in two.',
    ['*: text', 'response.body', 'YQpiw7ztoL3tuIA=', 'YQ0KYsO88J+YgA=='],
  ),
  ...because('An address is resolved as the browser does it.', [
    'XHR: a relative address',
    'request.uri',
    '*/./api/json?*',
    'http://www.example.test/api/json?*',
  ]),
  ...because(
    'Names of headers are in lower case, as the network has them, and a header set twice has both values.',
    ['XHR: POST of JSON', 'request.headers.Content-Type', 'application/json', undefined],
    ['XHR: POST of JSON', 'request.headers.content-type', undefined, 'application/json'],
    ['XHR: secrets', 'request.headers.Authorization', 'Bearer 1', undefined],
    ['XHR: secrets', 'request.headers.authorization', undefined, '_redacted_'],
    ['XHR: secrets', 'request.headers.X-Shop', 'nine', undefined],
    ['XHR: a header twice', 'request.headers.X-Shop', '1', undefined],
    ['XHR: secrets', 'request.headers.x-shop', undefined, 'nine'],
    ['XHR: a header twice', 'request.headers.x-shop', '2', '1, 2'],
  ),
  ...because(
    'Headers that a browser adds by itself are not told: the user agent goes with the post of the event.',
    ['*', 'request.headers.User-Agent', 'the browser’s', undefined],
    ['fetch: POST of a form', 'request.headers.content-type', '*', undefined],
    ['fetch: POST of text', 'request.headers.content-type', '*', undefined],
  ),
  ...because('The version of the API is told; there `getApiVersion` is taken, and never asked.', [
    '*',
    'request.api_version',
    undefined,
    '1.2',
  ]),
  ...because(
    'An event says how it was recorded: which way the call went, by what, and how long it took.',
    ['*', 'direction', undefined, 'Outgoing'],
    ['*', 'metadata._capture.duration_ms', undefined, 'milliseconds'],
    ['*', 'metadata._capture.kind', undefined, '*'],
  ),
];
