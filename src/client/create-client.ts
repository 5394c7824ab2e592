import type { Page } from '../browser/page.ts';
import type { Consent } from '../consent/consent.ts';
import { createToMetadata } from '../identity/calls.ts';
import type { Settings } from '../options/options.ts';
import { createCallQueue, type State } from './call-queue.ts';
import type { Client } from './client.ts';
import { createCoreMethods } from './core-methods.ts';
import type { Context, Runtime } from './dependencies.ts';
import type { Feature, FeatureParts, Kernel } from './feature.ts';
import { createLifecycle } from './lifecycle.ts';
import { createToReceipt } from './receipts.ts';

/** Makes a client that keeps its calls until it is begun. It has the methods of its feature, too. */
export function createClient<S extends Settings = Settings, C extends Client = Client>(
  page: Page,
  feature: Feature<S, C> = {},
) {
  let context: Context<S> | undefined;
  let update: ((choice?: Consent) => State<Runtime<S>>) | undefined;
  let requestedConsent: Consent | undefined;
  const { whenReady, running, consent, isWaiting } = createCallQueue(() => {
    const state = update?.(requestedConsent);
    if (state?.[0]) requestedConsent = undefined;
    return state;
  });
  const kernel: Omit<Kernel<S, C>, 'client'> = {
    page,
    whenReady,
    running,
    context: () => context,
    toReceipt: createToReceipt(whenReady, consent),
    toMetadata: createToMetadata(whenReady),
  };
  let part: FeatureParts<S, C> = {};
  const client = createCoreMethods(
    kernel,
    choice => {
      requestedConsent = choice;
      running();
    },
    userId => part.onIdentify?.(userId),
  ) as C;
  part = feature.create?.({ ...kernel, client }) ?? part;

  /**
   * Begins, once the page is shown. The work is done in the next task, so that the page's own comes first. The first
   * call or the page's end does it earlier.
   */
  const begin = (begun: Context<S>) => {
    context = begun;
    part.begin?.(begun);
    // Begun, though there may be nothing to see before the page is shown.
    update = () => [];
    page.whenActivated(() => {
      update = createLifecycle(begun, part);
      if (isWaiting()) running();
      page.setTimer(running, 0);
      // One listener for all: between two of them the browser would tell this page that its requests have failed.
      page.onHide(isLeaving => running()?.hide(isLeaving));
    });
  };
  return { client, begin, context: () => context };
}
