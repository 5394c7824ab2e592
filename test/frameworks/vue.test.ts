// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://www.example.com/?utm_source=spring" }
import { setTimeout as wait } from 'node:timers/promises';
import type { Options, User } from 'utmost';
import { UtmostPlugin, useCampaign, useUser } from 'utmost/vue';
import { afterEach, expect, it, vi } from 'vitest';
import { type App, createSSRApp, h, reactive } from 'vue';
import { renderToString } from 'vue/server-renderer';

const options: Options = { applicationId: 'app', host: 'https://collector.example' };
const session = reactive<{ user: User | null | undefined }>({ user: undefined });
function useSource() {
  const campaign = useCampaign();
  useUser(() => session.user);
  return () => h('p', campaign.value?.utm_source ?? 'none');
}
let app: App | undefined;
afterEach(() => app?.unmount());
const create = (given = options) => createSSRApp({ setup: useSource }).use(UtmostPlugin, given);

// One page: a plugin begins its client once.
it('renders the same on the server and at first, then the campaign, and posts one profile of a reactive user', async () => {
  const posts: Record<string, unknown>[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    posts.push(JSON.parse(await new Request(input, init).text()));
    return Response.json({}, { status: 201 });
  });
  const warn = vi.spyOn(console, 'warn');
  const error = vi.spyOn(console, 'error');
  const html = await renderToString(create());
  expect(html).toBe('<p>none</p>');
  document.body.innerHTML = `<div id="root">${html}</div>`;
  app = create();
  app.mount('#root');
  const seen = () => document.querySelector('#root')?.textContent;
  expect(seen()).toBe('none');
  await vi.waitFor(() => expect(seen()).toBe('spring'));
  session.user = { id: 'ada', plan: 'free' };
  const profiles = () => posts.filter(({ user_id }) => user_id);
  await vi.waitFor(() => expect(profiles()).toHaveLength(1));
  expect(profiles()[0]).toMatchObject({ campaign: { utm_source: 'spring' }, metadata: { plan: 'free' } });
  // The same again is not sent; what has changed inside is.
  session.user = { id: 'ada', plan: 'free' };
  await wait(100);
  expect(profiles()).toHaveLength(1);
  (session.user as Record<string, unknown>).plan = 'pro';
  await vi.waitFor(() => expect(profiles()).toHaveLength(2));
  expect(profiles()[1]).toMatchObject({ metadata: { plan: 'pro' } });
  expect([...warn.mock.calls, ...error.mock.calls]).toEqual([]);
});

it('says options that init refuses on the console, and the app goes on', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect(await renderToString(create({}))).toBe('<p>none</p>');
  expect(`${error.mock.calls[0]?.[0]}`).toMatch(/^TypeError: utmost: .*applicationId/);
});
