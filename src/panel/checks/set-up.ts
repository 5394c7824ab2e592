import type { Facts } from '../facts.ts';
import type { Check } from './check.ts';

/** What stands in examples, and was never replaced. */
const PLACEHOLDER = /^your|application.?id|^x+$|[<>{}]|^(test|todo|changeme)$/i;

const wasRefused = ({ answers }: Facts) =>
  answers.some(({ receipt, httpStatus }) => [401, 402].includes(receipt?.httpStatus ?? httpStatus ?? 0));

/** Checks that the client has begun, with an application id that is one. */
export const applicationId: Check = {
  title: 'Application id',
  find(facts) {
    const { settings, hasClient } = facts;
    if (!hasClient) return ['fault', 'utmost is not on this page. Add its script tag, or import it.'];
    if (!settings)
      return ['fault', 'init was not called. Set data-application-id on the script tag, or call init.'];
    if (wasRefused(facts))
      return [
        'fault',
        settings.relay
          ? 'The API refuses the application id of the relay (401 or 402). Set it anew on your server.'
          : 'The API refuses the application id (401 or 402). Copy it again from the API’s settings.',
      ];
    if (settings.relay) return ['ok', 'The relay adds it; the page needs none.'];
    const { applicationId: id } = settings;
    if (PLACEHOLDER.test(id))
      return ['fault', 'It is still the placeholder of an example. Put your own application id there.'];
    if (id !== id.trim()) return ['fault', 'It begins or ends with a blank. Remove that.'];
    return ['ok', 'It is set.'];
  },
};

/** Checks that one copy of the library serves. */
export const copies: Check = {
  title: 'One copy',
  find: ({ hasSecondCopy }) =>
    hasSecondCopy
      ? [
          'fault',
          'utmost is loaded more than once. Keep one script tag or one import, and look for another in the tag manager.',
        ]
      : ['ok', 'One copy serves.'],
};

/** Compares two versions as Semantic Versioning does, without their pre-release part. */
const compare = (one: string, other: string): number => {
  const parts = (version: string) => version.split(/[-+]/)[0]?.split('.').map(Number) ?? [];
  const [left, right] = [parts(one), parts(other)];
  return left.map((part, index) => part - (right[index] ?? 0)).find(difference => difference) ?? 0;
};

/** Checks that the version is that of the panel's file, and the latest one where the site has said whom to ask. */
export const version: Check = {
  title: 'Version',
  find({ scriptVersion, version, latestFrom, network: { latest } }) {
    const running = scriptVersion ?? version;
    if (scriptVersion && compare(scriptVersion, version))
      return [
        'look',
        `The page runs ${scriptVersion}, and the panel’s file is of ${version}. Publish both together, and empty the cache.`,
      ];
    if (latest && compare(running, latest) < 0)
      return ['look', `The page runs ${running}; ${latest} is published. Update it.`];
    if (latest) return ['ok', `${running} is the latest.`];
    if (latestFrom)
      return ['look', `The page runs ${running}. The address that tells the latest version did not answer.`];
    return ['ok', `The page runs ${running}. No address is set that tells the latest version.`];
  },
};
