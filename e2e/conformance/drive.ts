import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright';
import { bundled } from '../bundled.ts';
import type { World } from '../world.ts';
import type { Visit } from './visits.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** The two SDKs, each as its script tag has it, and ours as a site's bundler has it. */
const SCRIPTS = {
  theirs: read('node_modules/moesif-browser-js/moesif.min.js'),
  ours: read('dist/utmost.full.min.js'),
  npm: await bundled('full', 'moesif'),
};
export type Sdk = keyof typeof SCRIPTS;

/** The record of a visit. */
export interface Driven {
  applicationId: string;
  /** The ids that the visitor had, first to last. */
  anonymousIds: string[];
  /** The time that each action was tracked, in milliseconds since 1970, by its name. */
  tracked: Record<string, [from: number, to: number]>;
  /** The cookies there were after each step, as name=value. */
  cookies: string[][];
}

type Sample = Pick<Driven, 'anonymousIds' | 'tracked'>;
type Method = (...parameters: unknown[]) => unknown;
type WithMoesif = Window & { moesif: Record<string, Method> & { _anonymousId?: string } };

/** Milliseconds without a request after which a page counts as at rest: longer than a batch waits. */
const REST = 500;
const BATCH = { batchMaxTime: 200 };

/** Makes the visit with one of the SDKs, in a browser without a past. */
export async function drive(world: World, sdk: Sdk, { name, options, steps }: Visit): Promise<Driven> {
  const applicationId = encodeURIComponent(`${name}, ${sdk}`);
  const context = await world.visitor();
  const rest = restOf(context);
  const page = await context.newPage();
  const host = world.collector.replace('http://', '');
  const driven: Driven = { applicationId, anonymousIds: [], tracked: {}, cookies: [] };
  for (const { by = sdk, open, referrer, calls = [] } of steps) {
    if (open) {
      const [, host = 'www.example.test', path = open] = /^\/\/([^/]+)(.*)/.exec(open) ?? [];
      await page.goto(world.url(`/plain${path}`, host), { ...(referrer && { referer: referrer }) });
      await mount(page, SCRIPTS[by]);
    }
    const init = open ? [['init', { applicationId, host, ...BATCH, ...options }] as const] : [];
    const { anonymousIds, tracked } = await page.evaluate(call, [...init, ...calls]);
    for (const id of anonymousIds) if (!driven.anonymousIds.includes(id)) driven.anonymousIds.push(id);
    Object.assign(driven.tracked, tracked);
    // On a busy machine what a page has put off to its next task may not have begun when all seems at rest.
    await page.evaluate(() => new Promise(resolve => setTimeout(() => setTimeout(resolve), 100)));
    await rest();
    driven.cookies.push((await context.cookies()).map(({ name, value }) => `${name}=${value}`));
  }
  await context.close();
  return driven;
}

/** Loads a script as `<script data-global="moesif">` does. */
const mount = (page: Page, code: string) =>
  page.evaluate(code => {
    const script = document.createElement('script');
    script.dataset.global = 'moesif';
    script.textContent = code;
    document.head.append(script);
  }, code);

/** Makes the calls in one task, as a site does. A method that a version does not have is passed over. */
function call(calls: (readonly [string, ...unknown[]])[]): Sample {
  const { moesif } = window as unknown as WithMoesif;
  const sample: Sample = { anonymousIds: [], tracked: {} };
  for (const [method, ...parameters] of calls) {
    const from = Date.now();
    moesif[method]?.(...parameters);
    if (method === 'track') sample.tracked[`${parameters[0]}`] = [from, Date.now()];
    const id = moesif._anonymousId ?? moesif.getAnonymousId?.();
    if (id) sample.anonymousIds.push(`${id}`);
  }
  return sample;
}

/** Returns a function that waits until no request of the context has been under way for a while. */
function restOf(context: BrowserContext): () => Promise<void> {
  const open = new Set<object>();
  let since = Date.now();
  const changed = () => {
    since = Date.now();
  };
  context.on('request', request => {
    open.add(request);
    changed();
  });
  const ended = (request: object) => {
    open.delete(request);
    changed();
  };
  context.on('requestfinished', ended);
  context.on('requestfailed', ended);
  return async () => {
    changed();
    while (open.size || Date.now() - since < REST) await new Promise(resolve => setTimeout(resolve, 20));
  };
}
