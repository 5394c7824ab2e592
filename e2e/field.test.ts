import type { Browser, BrowserContext, Frame, Page } from 'playwright';
import { afterAll, test as base, beforeAll, describe, expect } from 'vitest';
import type { Campaign } from '../src/shared/types.ts';
import { launchShell } from './chromium.ts';
import { type FieldSite, serveField } from './field-site.ts';
import { PATIENCE } from './patience.ts';
import './world.ts';

/** Builds three ways on to an address, by their ids. */
const ways = (url: string) =>
  `<a id="link" href="${url}">On</a> <form action="${url}" method="post"><button id="form">On</button></form>
  <button id="script" onclick="location.href = '${url}'">On</button>`;
const WAYS = ['link', 'form', 'script'] as const;

const pages = {
  '/': ways('/auth/start'),
  '/auth/start': '302 //idp.partner.test:PORT/authorize?client_id=1',
  '/authorize': ways('//www.example.test:PORT/auth/callback?code=x'),
  '/moves': `<script>location.replace('/de/')</script>SLOW`,
  '/moves-on': `NONE<script>location.replace('//www.example.test:PORT/next')</script>`,
  '/cleans': `<script>history.replaceState({}, '', '/dashboard')</script>SLOW`,
  '/cleans-behind-snippet': `SNIPPET<script>history.replaceState({}, '', '/dashboard')</script>`,
  '/hash': 'SLOW',
  '/hash-that-moves': `<script>location.hash = '#/home'</script>SLOW`,
  '/hash-that-is-replaced': `<script>history.replaceState({}, '', '#/home')</script>SLOW`,
  '/hiding': `<form action="//pay.partner.test:PORT/pay"><input name="closest"><input name="getAttribute"><button id="field">Pay</button></form>`,
  '/checkout': `<form action="//pay.partner.test:PORT/pay"><input name="action" value="send"><button id="field">Pay</button></form>
    <form action="/x"><button id="button" formaction="//pay.partner.test:PORT/pay">Pay</button></form>
    <form><input type="submit" id="input" formaction="//pay.partner.test:PORT/pay"></form>
    <a href="//pay.partner.test:PORT/pay"><b id="inner">Pay</b></a>`,
  '/pay': ways('//www.example.test:PORT/thanks'),
  '/framed': `<iframe srcdoc="FRAMED"></iframe>`,
  '/reloads-once': `<script>if (!sessionStorage.again) { sessionStorage.again = 1; location.reload(); }</script>SLOW`,
  '/article': ways('//www.example.test:PORT/'),
};

let browser: Browser;
let site: FieldSite;
/** The same site with a session of a minute. */
let brief: FieldSite;
beforeAll(async () => {
  browser = await launchShell();
  site = await serveField(pages);
  brief = await serveField(pages, 'data-session-timeout="1"');
});
afterAll(async () => {
  await browser.close();
  site.close();
  brief.close();
});

/** Tests run side by side, each with visitors of its own. They leave with the test. */
const test = base.extend('visitor', ({ task: _ }, { onCleanup }) => {
  const contexts: BrowserContext[] = [];
  onCleanup(async () => {
    for (const context of contexts) await context.close();
  });
  return async (script = ''): Promise<BrowserContext> => {
    const context = await browser.newContext();
    contexts.push(context);
    context.setDefaultTimeout(PATIENCE);
    await context.addInitScript(script);
    return context;
  };
});

/** Waits for the script, and returns what it decided on this page and makes of the visitor. */
async function told(page: Page | Frame) {
  await page.waitForFunction(() => window.utmost?.getAnonymousId?.() && !('q' in window.utmost));
  return page.evaluate(() => {
    const decisions = window.utmost.explain();
    return {
      rules: decisions.map(({ rule }) => rule),
      codes: decisions.flatMap(({ issues }) => issues.map(({ code }) => code)),
      campaign: window.utmost.getCampaign(),
      referrer: document.referrer,
    };
  });
}

/** Follows what leads on, and waits for where it ends. */
async function go(page: Page, id: string, to: string): Promise<void> {
  await page.click(`#${id}`);
  await page.waitForURL(url => url.pathname === to);
}

/**
 * Lets a minute pass, for this page and all that the visitor opens from now on. By the clock alone: a way that has to be
 * gone within the session may take as long as a busy machine needs.
 */
async function passSession(page: Page): Promise<void> {
  const pass = '{ const { now } = Date; Date.now = () => now() + 61_000; }';
  await page.context().addInitScript(pass);
  await page.evaluate(pass);
}

/** Takes the Navigation API away, as in browsers that have none. */
const NO_NAVIGATION = `delete window.navigation;`;

describe.concurrent('signing in by a route of the own server', () => {
  test.for(WAYS.flatMap(there => WAYS.map(back => [there, back] as const)))(
    'there by %s and back by %s is a round trip, and a direct visitor stays direct',
    async ([there, back], { visitor }) => {
      const page = await (await visitor()).newPage();
      await page.goto(site.url('/'));
      expect((await told(page)).rules).toEqual(['direct']);
      await go(page, there, '/authorize');
      await go(page, back, '/auth/callback');
      const { rules, campaign, referrer } = await told(page);
      expect(referrer).toBe(site.url('/', 'idp.partner.test'));
      expect([rules, campaign]).toEqual([['round-trip'], undefined]);
    },
  );

  test('is one without the Navigation API, too', async ({ visitor }) => {
    for (const there of ['link', 'form']) {
      const page = await (await visitor(NO_NAVIGATION)).newPage();
      await page.goto(site.url('/'));
      await told(page);
      expect(await page.evaluate(() => 'navigation' in window)).toBe(false);
      await go(page, there, '/authorize');
      await go(page, 'link', '/auth/callback');
      expect((await told(page)).rules).toEqual(['round-trip']);
    }
  });

  test('is one after the session, and where the provider’s page was reloaded in between', async ({
    visitor,
  }) => {
    const page = await (await visitor()).newPage();
    await page.goto(brief.url('/?utm_source=ad'));
    await told(page);
    await passSession(page);
    await go(page, 'link', '/authorize');
    await page.reload();
    await go(page, 'link', '/auth/callback');
    const { rules, campaign } = await told(page);
    expect([rules, campaign]).toEqual([['round-trip'], { utm_source: 'ad' }]);
  });

  test('and reloading the page one came back to changes nothing', async ({ visitor }) => {
    const page = await (await visitor()).newPage();
    await page.goto(site.url('/'));
    await told(page);
    await go(page, 'link', '/authorize');
    await go(page, 'link', '/auth/callback');
    await told(page);
    await page.reload();
    const { rules, campaign } = await told(page);
    expect([rules, campaign]).toEqual([['revisit'], undefined]);
  });

  test.for(WAYS)('a first visit from that provider by %s counts', async (way, { visitor }) => {
    const page = await (await visitor()).newPage();
    await page.goto(site.url('/authorize', 'idp.partner.test'));
    await go(page, way, '/auth/callback');
    const { rules, campaign } = await told(page);
    expect(rules).toEqual(['referral']);
    expect(campaign).toMatchObject({ referring_domain: 'idp.partner.test' });
  });

  test('explains no later visit: once back, another site refers', async ({ visitor }) => {
    const page = await (await visitor()).newPage();
    await page.goto(brief.url('/'));
    await told(page);
    await go(page, 'link', '/authorize');
    await go(page, 'link', '/auth/callback');
    await told(page);
    await page.goto(brief.url('/article', 'blog.partner.test'));
    await passSession(page);
    await go(page, 'link', '/');
    expect((await told(page)).rules).toEqual(['referral']);
  });
});

describe.concurrent('a landing that moves on before the tag has run', () => {
  test('is told by the referrer of the next page, once', async ({ visitor }) => {
    const page = await (await visitor()).newPage();
    await page.goto(site.url('/moves?utm_source=news&utm_campaign=spring'));
    await page.waitForURL(site.url('/de/'));
    const { rules, codes, campaign } = await told(page);
    expect([rules, codes]).toEqual([['campaign'], ['unrecorded-landing', 'from-referrer']]);
    expect(campaign).toEqual({ utm_source: 'news', utm_campaign: 'spring' });
    await page.reload();
    expect((await told(page)).rules).toEqual(['revisit']);
    await page.evaluate(() => window.utmost.identifyUser('moved'));
    const mine = site.posted.filter(
      body => (body.campaign as Campaign | undefined)?.utm_campaign === 'spring',
    );
    const [announced, identified] = mine.slice(-2);
    expect(announced).not.toHaveProperty('user_id');
    expect(announced?.anonymous_id).toBe(identified?.anonymous_id);
    expect(identified).toMatchObject({ user_id: 'moved', campaign: { utm_source: 'news' } });
  });

  test('on another subdomain tells its origin alone, and a note says that it recorded nothing', async ({
    visitor,
  }) => {
    const page = await (await visitor()).newPage();
    await page.goto(site.url('/moves-on?utm_source=news', 'shop.example.test'));
    await page.waitForURL(site.url('/next'));
    const { rules, codes } = await told(page);
    expect([rules, codes]).toEqual([['internal'], ['unrecorded-landing']]);
  });

  test('by reloading itself has the campaign, since nobody had been seen', async ({ visitor }) => {
    const page = await (await visitor()).newPage();
    await page.goto(site.url('/reloads-once?utm_source=again'));
    expect((await told(page)).campaign).toEqual({ utm_source: 'again' });
  });
});

describe.concurrent('an address that is changed before the tag has run', () => {
  test.for(['/cleans', '/cleans-behind-snippet'])(
    'is the one the document was loaded with: %s',
    async (path, { visitor }) => {
      const page = await (await visitor()).newPage();
      await page.goto(site.url('/article', 'blog.partner.test'));
      await page.evaluate(
        url => {
          location.href = url;
        },
        site.url(`${path}?utm_source=push`),
      );
      await page.waitForURL(url => url.pathname === '/dashboard');
      const { rules, campaign } = await told(page);
      expect(rules).toEqual(['campaign']);
      expect(campaign).toMatchObject({ utm_source: 'push', referring_domain: 'blog.partner.test' });
    },
  );

  test.for(['/hash', '/hash-that-moves', '/hash-that-is-replaced'])(
    'is so in a hash router, with the tags in query or hash: %s',
    async (path, { visitor }) => {
      for (const landing of ['?utm_source=x', '#/route?utm_source=x']) {
        const page = await (await visitor()).newPage();
        await page.goto(site.url('/article', 'blog.partner.test'));
        await page.evaluate(
          url => {
            location.href = url;
          },
          site.url(path + landing),
        );
        await page.waitForURL(url => url.pathname === path);
        const { rules, campaign } = await told(page);
        expect([landing, ...rules]).toEqual([landing, 'campaign']);
        expect(campaign).toMatchObject({ utm_source: 'x', referring_domain: 'blog.partner.test' });
      }
    },
  );
});

test.concurrent.for(
  ['', NO_NAVIGATION].flatMap(script =>
    ['field', 'button', 'input', 'inner'].map(id => [id, script] as const),
  ),
)('a payment page that #%s leads to is where one comes back from %s', async ([id, script], { visitor }) => {
  const page = await (await visitor(script)).newPage();
  await page.goto(brief.url('/checkout'));
  await told(page);
  await passSession(page);
  await go(page, id, '/pay');
  await go(page, 'link', '/thanks');
  const { rules, campaign } = await told(page);
  expect([rules, campaign]).toEqual([['round-trip'], undefined]);
});

test.concurrent.for(['', NO_NAVIGATION])(
  'a form whose fields hide its own methods breaks nothing %s',
  async (script, { visitor }) => {
    const page = await (await visitor(script)).newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(site.url('/hiding'));
    await told(page);
    // The browser's own methods are what is hidden: Playwright's click cannot do without them.
    await page.evaluate(() => document.querySelector<HTMLElement>('#field')?.click());
    await page.waitForURL(url => url.pathname === '/pay');
    expect(errors).toEqual([]);
  },
);

test.concurrent('for a frame without an address of its own, the site around it is no referral', async ({
  visitor,
}) => {
  const page = await (await visitor()).newPage();
  await page.goto(site.url('/framed'));
  const frame = page.frames()[1] as Frame;
  const { rules, campaign } = await told(frame);
  expect([frame.url(), rules, campaign]).toEqual(['about:srcdoc', ['internal'], undefined]);
});

describe.concurrent('two tabs', () => {
  test('have one visitor, and each its own way back', async ({ visitor }) => {
    const context = await visitor();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await first.goto(site.url('/'));
    await told(first);
    await go(first, 'link', '/authorize');
    await second.goto(site.url('/authorize', 'idp.partner.test'));
    await go(second, 'link', '/auth/callback');
    expect((await told(second)).rules).toEqual(['same-session']);
    await go(first, 'link', '/auth/callback');
    expect((await told(first)).rules).toEqual(['round-trip']);
    const ids = await Promise.all(
      [first, second].map(page => page.evaluate(() => window.utmost.getAnonymousId())),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  test('with a landing each: going on in the older one does not count its landing twice', async ({
    visitor,
  }) => {
    const context = await visitor();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await first.goto(brief.url('/checkout?utm_source=a'));
    await told(first);
    await second.goto(brief.url('/?utm_source=b'));
    await told(second);
    await passSession(first);
    await first.evaluate(() => {
      location.href = '/next';
    });
    await first.waitForURL(brief.url('/next'));
    const { rules, codes, campaign, referrer } = await told(first);
    expect(referrer).toBe(brief.url('/checkout?utm_source=a'));
    expect([rules, codes, campaign]).toEqual([['internal'], [], { utm_source: 'a' }]);
  });
});
