import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CAPTURE, startCapture } from '../../src/capture/start-capture.ts';
import type { CaptureClient, CaptureOptions } from '../../src/capture/types.ts';
import { KEY } from '../../src/client/one-client.ts';
import { createXhrClass } from './fake-xhr.ts';
import { createContext } from './recorder-world.ts';

const URL_OF_PAGE = 'https://example.com/app/';

/** The native functions of the given global, and what was sent. */
let fetched: unknown[] = [];
const native = async (...parameters: unknown[]) => {
  fetched.push(parameters[0]);
  return new Response('{"a":1}', { headers: { 'content-type': 'application/json' } });
};

beforeEach(() => {
  fetched = [];
  vi.stubGlobal('document', { nodeType: 9, baseURI: URL_OF_PAGE });
  vi.stubGlobal('location', new URL(URL_OF_PAGE));
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('fetch', native);
  vi.stubGlobal('XMLHttpRequest', createXhrClass().Xhr);
});
afterEach(() => {
  (globalThis as { [CAPTURE]?: { stop(): void } })[CAPTURE]?.stop();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A recording, and the client that it follows. `state.id`: undefined before `init` and without consent. */
function start(options: CaptureOptions = {}) {
  const state: { id: string | undefined; visitor: object } = { id: 'a', visitor: visitorOf('a') };
  const { context, events } = createContext();
  const client = {
    getAnonymousId: () => state.id,
    getSession: () => 'session',
    [KEY]: () => Object.assign(context, { visitor: state.visitor }),
  } as unknown as CaptureClient;
  const capture = startCapture(client, { batchMaxTime: 1, ...options });
  const settled = (count: number) => vi.waitFor(() => expect(events()).toHaveLength(count));
  return { capture, state, events, settled };
}
const visitorOf = (anonymousId: string, userId?: string) => ({ identity: () => ({ anonymousId, userId }) });
const quiet = () => new Promise(resolve => setTimeout(resolve, 30));

it('records calls of both, and says who made them', async () => {
  const { events, settled, state } = start();
  state.visitor = visitorOf('a', 'user');
  await fetch('/x');
  const xhr = new XMLHttpRequest() as unknown as InstanceType<ReturnType<typeof createXhrClass>['Xhr']>;
  xhr.open('GET', '/y');
  xhr.send();
  xhr.answer();
  await settled(2);
  expect(
    events().map(({ user_id, anonymous_id, session_token }) => [user_id, anonymous_id, session_token]),
  ).toEqual(Array(2).fill(['user', undefined, 'session']));
});

it('records nothing before `init`, and then does', async () => {
  const { events, settled, state } = start();
  state.id = undefined;
  await fetch('/early');
  await quiet();
  expect(events()).toEqual([]);
  state.id = 'a';
  await fetch('/later');
  await settled(1);
  expect(events()[0]?.request.uri).toBe('https://example.com/later');
});

it('forgets what waits after a refusal, also where consent is given again at once', async () => {
  const { events, settled, state, capture } = start({ batchMaxTime: 60_000 });
  await fetch('/before');
  await quiet();
  state.id = undefined;
  state.id = 'b';
  state.visitor = visitorOf('b');
  await fetch('/after');
  await quiet();
  await capture.flush();
  await settled(1);
  expect(events()[0]?.request.uri).toBe('https://example.com/after');
});

it('stop right after an answer sends that call, and puts the functions back', async () => {
  const { events, settled, capture } = start({ batchMaxTime: 60_000 });
  await fetch('/x');
  expect([capture.stop(), capture.stop()]).toEqual([true, false]);
  expect(globalThis.fetch).toBe(native);
  await settled(1);
  await fetch('/y');
  await quiet();
  expect(events()).toHaveLength(1);
});

it('leaves alone what the options say', () => {
  const { send } = XMLHttpRequest.prototype;
  start({ fetch: false, xhr: false });
  expect([globalThis.fetch === native, XMLHttpRequest.prototype.send === send]).toEqual([true, true]);
});

it('a page has one recording; a second one is refused on the console', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  start();
  const { fetch: patched } = globalThis;
  expect(start().capture.stop()).toBe(false);
  expect(globalThis.fetch).toBe(patched);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('call stop()'));
});

it('a fetch that cannot be replaced is told on the console, and XMLHttpRequest is recorded', () => {
  vi.stubGlobal('fetch', undefined);
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const { send } = XMLHttpRequest.prototype;
  start();
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('fetch'));
  expect(XMLHttpRequest.prototype.send).not.toBe(send);
});

it('a wrong option is refused before anything is replaced', () => {
  expect(() => start({ sample: 0 })).toThrow('sample');
  expect(globalThis.fetch).toBe(native);
});

it('an event that the site has made is sent; one without a request is refused on the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const { capture, events, settled } = start();
  capture.recordEvent({} as never);
  expect(warn).toHaveBeenCalledOnce();
  capture.recordEvent({
    request: { time: '2026-01-01T00:00:00.000Z', uri: 'https://own.example/', verb: 'GET' },
  });
  await settled(1);
  expect(events()[0]).toMatchObject({ anonymous_id: 'a', transaction_id: 'id' });
});

it('does nothing on a server', () => {
  vi.stubGlobal('document', undefined);
  expect(start().capture.stop()).toBe(false);
  expect(globalThis.fetch).toBe(native);
});
