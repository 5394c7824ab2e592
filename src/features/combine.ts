import type { Client } from '../client/client.ts';
import type { Feature, FeatureParts } from '../client/feature.ts';
import { CORE_OPTIONS, type Settings } from '../options/options.ts';

/** Makes one part of several, whose steps are taken one after another. */
function combineParts<S extends Settings, C extends Client>(
  parts: readonly FeatureParts<S, C>[],
): FeatureParts<S, C> {
  return {
    begin(context) {
      for (const part of parts) part.begin?.(context);
    },
    findVisitor(context) {
      for (const part of parts) part.findVisitor?.(context);
    },
    toVisit: visit => parts.reduce((all, part) => part.toVisit?.(all) ?? all, visit),
    onIdentify(userId) {
      for (const part of parts) part.onIdentify?.(userId);
    },
    toTouches: parts.find(({ toTouches }) => toTouches)?.toTouches,
    toBatch: parts.find(({ toBatch }) => toBatch)?.toBatch,
    onDelivered(entries, context) {
      for (const part of parts) part.onDelivered?.(entries, context);
    },
    onErase() {
      for (const part of parts) part.onErase?.();
    },
  };
}

/** Makes one feature of several. A method of a later one may call the one of the same name that was there before. */
export const combineFeatures = <S extends Settings, C extends Client>(
  features: readonly Feature<S, C>[],
): Feature<S, C> => ({
  defaults: Object.assign({}, CORE_OPTIONS.defaults, ...features.map(({ defaults }) => defaults)),
  checks: Object.assign({}, CORE_OPTIONS.checks, ...features.map(({ checks }) => checks)),
  prepare: options => features.reduce((all, { prepare }) => prepare?.(all) ?? all, options),
  dependencies: settings =>
    Object.assign({}, ...features.map(({ dependencies }) => dependencies?.(settings))),
  create: kernel =>
    combineParts(
      features.map(({ create }) => {
        const part = create?.(kernel) ?? {};
        Object.assign(kernel.client, part.methods);
        return part;
      }),
    ),
});
