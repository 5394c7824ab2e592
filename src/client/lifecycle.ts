import type { Visit } from '../campaign/rules.ts';
import { type Consent, createConsent } from '../consent/consent.ts';
import { eraseVisitor } from '../consent/erase.ts';
import type { Settings } from '../options/options.ts';
import type { State } from './call-queue.ts';
import type { Context, Runtime } from './dependencies.ts';
import type { FeatureParts } from './feature.ts';
import { createRuntime } from './runtime.ts';

/**
 * Starts and ends the runtime of a page that is shown, as the visitor's choice says. Returns a function that takes a new
 * choice, if there is one, and brings the state up to date.
 */
export function createLifecycle<S extends Settings>(
  context: Context<S>,
  part: FeatureParts<S>,
): (choice?: Consent) => State<Runtime<S>> {
  const { settings, records, entries, page } = context;
  const initial = settings.respectGpc && page.hasGlobalPrivacyControl() ? 'denied' : settings.consent;
  const { current, choose } = createConsent(records, initial);
  const visit = () => part.toVisit?.(page.visit()) ?? page.visit();
  let landing: Visit | undefined = visit();
  let runtime: Runtime<S> | undefined;
  return choice => {
    if (choice) choose(choice);
    const consent = current();
    if (consent === 'denied' && landing) {
      runtime?.stop();
      runtime = landing = undefined;
      eraseVisitor(records, entries);
      part.onErase?.();
    } else if (consent === 'granted') {
      landing ??= visit();
      if (!runtime) part.findVisitor?.(context);
      runtime ??= createRuntime(context, landing, () => current() === 'denied', part);
    }
    return [consent, runtime];
  };
}
