import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright';

/** A tab that the browser may hide and discard, which it never does to one that Playwright drives. */
export interface SystemBrowserTab {
  /** Evaluates an expression in the page and returns what it, or the promise it makes, comes to. */
  evaluate(expression: string): Promise<unknown>;
  /** Brings another tab to the front. */
  hide(): Promise<void>;
  /** Freezes the tab, then ends its process: nothing of it runs any more. */
  discard(): Promise<void>;
}

export interface SystemBrowserVisitor {
  /** Opens a tab on that page and waits until it has loaded. */
  open(url: string): Promise<SystemBrowserTab>;
  close(): Promise<void>;
}

interface Reply {
  id?: number;
  method?: string;
  result?: { result?: { value?: unknown } };
}

/** Opens a visitor never seen before, whose tabs Playwright does not know of. */
export async function openSystemBrowserVisitor(browser: Browser): Promise<SystemBrowserVisitor> {
  const session = await browser.newBrowserCDPSession();
  const { browserContextId } = await session.send('Target.createBrowserContext');
  const answers = new Map<number, (reply: Reply) => void>();
  const crashes = new Map<string, () => void>();
  session.on('Target.receivedMessageFromTarget', ({ message, sessionId }) => {
    const reply = JSON.parse(message) as Reply;
    if (reply.id) answers.get(reply.id)?.(reply);
    if (reply.method === 'Inspector.targetCrashed') crashes.get(sessionId)?.();
  });
  let commands = 0;
  const command = (sessionId: string, method: string, params: object) => {
    const id = ++commands;
    const reply = new Promise<Reply>(resolve => answers.set(id, resolve));
    // Playwright's own way to a tab's session would have it drive the tab.
    return session
      .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) })
      .then(() => reply);
  };

  return {
    async open(url) {
      const { targetId } = await session.send('Target.createTarget', { url, browserContextId });
      const { sessionId } = await session.send('Target.attachToTarget', { targetId, flatten: false });
      const evaluate = async (expression: string) => {
        const params = { expression, awaitPromise: true, returnByValue: true };
        return (await command(sessionId, 'Runtime.evaluate', params)).result?.result?.value;
      };
      // Both, since a tab begins on an empty page that is complete.
      while ((await evaluate(`location.href + document.readyState`)) !== `${url}complete`) await sleep(25);
      return {
        evaluate,
        async hide() {
          await session.send('Target.createTarget', { url: 'about:blank', browserContextId });
          while ((await evaluate('document.visibilityState')) !== 'hidden') await sleep(5);
        },
        async discard() {
          await command(sessionId, 'Page.setWebLifecycleState', { state: 'frozen' });
          const crashed = new Promise<void>(resolve => crashes.set(sessionId, resolve));
          // Nobody is left to reply.
          command(sessionId, 'Page.crash', {}).catch(() => {});
          await crashed;
        },
      };
    },
    async close() {
      await session.send('Target.disposeBrowserContext', { browserContextId });
      await session.detach();
    },
  };
}
