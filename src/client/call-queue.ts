import { isBrowser, setTimer } from '../browser/page.ts';
import type { Consent } from '../consent/consent.ts';
import { DEFAULTS } from '../options/options.ts';
import { remindOfInit } from './remind.ts';

/** What the visitor allows, and the runtime if they allow tracking. Empty before the page is shown. */
export type State<Runtime> = readonly [consent?: Consent, runtime?: Runtime | undefined];

/**
 * Keeps calls until tracking may start: until `init`, until the page is shown, and until the visitor has allowed it.
 * `update` reads what is allowed now. It starts the runtime when that is first needed, and returns nothing before `init`.
 */
export function createCallQueue<Runtime>(update: () => State<Runtime> | undefined) {
  let state: State<Runtime> | undefined;
  /** Calls that wait. Called without a runtime, each is answered and waits on. */
  const waiting: ((runtime?: Runtime) => void)[] = [];
  /** Makes the calls that wait, as far as they may be made. Returns the runtime. */
  const running = (): Runtime | undefined => {
    state = update();
    const [consent, runtime] = state ?? [];
    // While the visitor is being asked, each call is answered, and waits on.
    if (consent) for (const run of consent === 'pending' ? waiting : waiting.splice(0)) run(runtime);
    return runtime;
  };
  /** Runs now or once tracking may start; see `Kernel.whenReady`. */
  const whenReady = <T>(use: (runtime: Runtime) => T | Promise<T>): Promise<T | undefined> =>
    new Promise(resolve => {
      const run = (ready?: Runtime) => resolve(ready && use(ready));
      if (!isBrowser()) return run();
      waiting.push(run);
      running();
      if (!state?.[0])
        setTimer(() => {
          if (!state) remindOfInit();
          run();
        }, DEFAULTS.timeout);
    });
  return { running, whenReady, consent: () => state?.[0], isWaiting: () => !!waiting[0] };
}
