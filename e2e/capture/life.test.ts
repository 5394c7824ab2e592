import { expect, test } from 'vitest';
import { describeInEachEngine } from './in-each-engine.ts';

describeInEachEngine(({ site, run, until, close }) => {
  test('start() of utmost/full loads the add-on from beside its script', async () => {
    const { tab, result } = await run(
      `async () => {
          while (!window.utmostCapture) await new Promise(resolve => setTimeout(resolve, 10));
          await new Promise(resolve => setTimeout(resolve, 50));
          await fetch('/api/json');
          return [capture, utmost.start()];
        }`,
      { start: 'utmost.start()', path: '/alone' },
    );
    expect(result).toEqual([true, false]);
    const [event] = await until(1);
    expect(event?.request.uri).toMatch(/\/api\/json$/);
    await close(tab);
  });

  test('own requests are not recorded, and the page’s next call is', async () => {
    const { tab } = await run(`async () => {
        await utmost.identifyUser('u1');
        await utmost.flush();
        await fetch('/api/json');
      }`);
    await until(1);
    expect(site().posts).toContain('/t/v1/users');
    expect(site().events.map(({ request }) => new URL(request.uri).pathname)).toEqual(['/api/json']);
    await close(tab);
  });

  test('stop below another wrapper leaves that in place, and records no more', async () => {
    const { tab, result } = await run(`async () => {
        const below = fetch;
        const theirs = (...parameters) => below(...parameters);
        window.fetch = theirs;
        const { send } = XMLHttpRequest.prototype;
        capture.stop();
        const status = (await fetch('/api/json')).status;
        return [fetch === theirs, status, XMLHttpRequest.prototype.send === send, capture.stop()];
      }`);
    expect(result).toEqual([true, 200, false, false]);
    expect(site().events).toEqual([]);
    await close(tab);
  });

  test('nothing is recorded before consent, and a refusal forgets what waits', async () => {
    const { tab } = await run(
      `async () => {
          await (await fetch('/api/json?1')).text();
          utmost.setConsent('granted');
          await (await fetch('/api/json?2')).text();
          await new Promise(resolve => setTimeout(resolve, 300));
          await capture.flush();
          await (await fetch('/api/json?3')).text();
          await new Promise(resolve => setTimeout(resolve, 50));
          utmost.setConsent('denied');
          await capture.flush();
          await (await fetch('/api/json?4')).text();
          await capture.flush();
          // For the tests that follow: a refusal is kept.
          utmost.setConsent('granted');
        }`,
      { init: "consent: 'pending'", start: 'utmostCapture({ batchMaxTime: 60000 })' },
    );
    expect(site().events.map(({ request }) => new URL(request.uri).search)).toEqual(['?2']);
    await close(tab);
  });

  test('a call is the user’s who made it, also after a logout', async () => {
    const { tab } = await run(
      `async () => {
          utmost.identifyUser('first');
          const call = fetch('/api/json');
          utmost.reset();
          utmost.identifyUser('second');
          await (await call).text();
          await new Promise(resolve => setTimeout(resolve, 300));
          await capture.flush();
        }`,
      { start: 'utmostCapture({ batchMaxTime: 60000 })' },
    );
    await until(1);
    expect(site().events[0]?.user_id).toBe('first');
    await close(tab);
  });

  test('other sites are not recorded, nothing is kept in storage, and what waits goes out with the page', async () => {
    const { tab, result } = await run(
      `async () => {
          await fetch('http://127.0.0.1:${site().port}/api/json', { mode: 'no-cors' });
          await (await fetch('/api/json')).text();
          await new Promise(resolve => setTimeout(resolve, 100));
          return JSON.stringify([{ ...localStorage }, { ...sessionStorage }]).includes('transaction_id');
        }`,
      { start: 'utmostCapture({ batchMaxTime: 60000 })' },
    );
    expect([result, site().events]).toEqual([false, []]);
    await tab.goto('about:blank');
    await until(1);
    expect(site().events.map(({ request }) => new URL(request.uri).hostname)).toEqual(['localhost']);
    await close(tab);
  });

  test('start() of utmost/full uses the add-on, its options and names', async () => {
    const { tab, result } = await run(
      `async () => {
          const started = [utmost.start(), utmost.start()];
          await fetch('/api/json?skipped');
          await (await fetch('/api/json')).text();
          utmost.recordEvent({ request: { time: new Date().toISOString(), uri: 'https://own.example/', verb: 'GET' } });
          await new Promise(resolve => setTimeout(resolve, 200));
          return [...started, utmost.stop(), utmost.stop()];
        }`,
      {
        start: 'undefined',
        init: `batchMaxTime: 50, getTags: () => 'a', skip: ({ request }) => request.uri.endsWith('skipped')`,
      },
    );
    expect(result).toEqual([true, false, true, false]);
    await until(2);
    expect(
      site()
        .events.map(({ request, tags }) => [new URL(request.uri).pathname, tags])
        .sort(),
    ).toEqual([
      ['/', 'a'],
      ['/api/json', 'a'],
    ]);
    await close(tab);
  });

  test('stop right after an answer sends that call', async () => {
    const { tab, result } = await run(
      `async () => {
          await fetch('/api/json');
          return capture.stop();
        }`,
      { start: 'utmostCapture({ batchMaxTime: 60000 })' },
    );
    expect(result).toBe(true);
    await until(1);
    expect(site().events[0]?.response).toMatchObject({ status: 200 });
    await close(tab);
  });

  test('a refusal and a grant right after it forget what waits', async () => {
    const { tab } = await run(
      `async () => {
          await (await fetch('/api/json?1')).text();
          await new Promise(resolve => setTimeout(resolve, 50));
          utmost.setConsent('denied');
          utmost.setConsent('granted');
          await (await fetch('/api/json?2')).text();
          await new Promise(resolve => setTimeout(resolve, 50));
          await capture.flush();
        }`,
      { start: 'utmostCapture({ batchMaxTime: 60000 })' },
    );
    await until(1);
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(site().events.map(({ request }) => new URL(request.uri).search)).toEqual(['?2']);
    await close(tab);
  });
});
