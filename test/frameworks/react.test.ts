// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://www.example.com/?utm_source=spring" }
import { act, createElement as h, type ReactElement, StrictMode } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import type { Options, User } from 'utmost';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const options: Options = { applicationId: 'app', host: 'https://collector.example' };
let posts: Record<string, unknown>[];
let root: Root | undefined;
let errors: unknown[][];
let react: typeof import('utmost/react');

beforeEach(async () => {
  vi.resetModules();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  posts = [];
  errors = [];
  vi.spyOn(console, 'error').mockImplementation((...words) => void errors.push(words));
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    posts.push(JSON.parse(await new Request(input, init).text()));
    return Response.json({}, { status: 201 });
  });
  localStorage.clear();
  for (const pair of document.cookie.split('; '))
    document.cookie = `${pair.split('=')[0]}=; max-age=0; path=/; domain=example.com`;
  document.body.innerHTML = '<div id="root"></div>';
  react = await import('utmost/react');
});
afterEach(async () => {
  await act(() => root?.unmount());
  root = undefined;
});

const container = () => document.querySelector('#root') as HTMLElement;
const seen = () => container().textContent;
const wait = (ms: number) => act(() => new Promise(resolve => setTimeout(resolve, ms)));
/** Waits for what a component shows, with React's updates made. */
async function shows(text: string): Promise<void> {
  for (let n = 0; n < 100 && seen() !== text; n++) await wait(20);
  expect(seen()).toBe(text);
}
const profiles = () => posts.filter(({ user_id }) => user_id);

function Source(): ReactElement {
  return h('p', null, react.useCampaign()?.utm_source ?? 'none');
}
function Session({ user }: { user: User | null | undefined }): null {
  react.useUser(user);
  return null;
}
const app = (user?: User | null, given = options) =>
  h(StrictMode, null, h(react.UtmostProvider, { options: given }, h(Source), h(Session, { user })));
const mount = (element: ReactElement) =>
  act(() => {
    root = createRoot(container());
    root.render(element);
  });

it('shows the campaign when it is known, in Strict Mode, and posts one profile', async () => {
  await mount(app(undefined));
  await shows('spring');
  expect(profiles()).toEqual([]);
  await act(() => root?.render(app({ id: 'ada', plan: 'pro' })));
  await wait(100);
  await act(() => root?.render(app({ id: 'ada', plan: 'pro' })));
  await wait(100);
  expect(profiles()).toHaveLength(1);
  expect(profiles()[0]).toMatchObject({ user_id: 'ada', campaign: { utm_source: 'spring' } });
  expect(errors).toEqual([]);
});

it('posts one profile of a user who is there from the first render, before init', async () => {
  await mount(app({ id: 'ada' }));
  await shows('spring');
  await wait(100);
  expect(profiles()).toHaveLength(1);
});

it('renders the same on the server and in the first render of the page, though the campaign is known', async () => {
  const { getCampaign, init } = await import('utmost');
  init(options);
  expect(getCampaign()?.utm_source).toBe('spring');
  const html = renderToString(app());
  expect(html).toBe('<p>none</p>');
  container().innerHTML = html;
  const recovered = vi.fn();
  await act(() => {
    root = hydrateRoot(container(), app(), { onRecoverableError: recovered });
  });
  await shows('spring');
  expect(recovered).not.toHaveBeenCalled();
  expect(errors).toEqual([]);
});

it('shows nothing before consent, then the campaign, and nothing after a refusal', async () => {
  const { setConsent } = await import('utmost');
  await mount(app(undefined, { ...options, consent: 'pending' }));
  await wait(100);
  expect(seen()).toBe('none');
  setConsent('granted');
  await shows('spring');
  setConsent('denied');
  await shows('none');
});

it('says options that init refuses on the console, and the app goes on', async () => {
  await mount(app(undefined, {}));
  expect(seen()).toBe('none');
  expect(`${errors[0]?.[0]}`).toMatch(/^TypeError: utmost: .*applicationId/);
});

it('shows the campaign of utmost/full, where the app imports that first', async () => {
  vi.resetModules();
  Reflect.deleteProperty(globalThis, Symbol.for('utmost'));
  const full = await import('utmost/full');
  react = await import('utmost/react');
  full.init(options);
  await mount(h(Source));
  await shows('spring');
});
