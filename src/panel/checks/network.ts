import type { Facts } from '../facts.ts';
import { countOf, durationOf, hostOf } from '../words.ts';
import type { Check } from './check.ts';

const MINUTE = 60_000;

/** Names where updates go: the host of the API, or of the relay. */
const targetOf = ({ settings, host }: Facts): string =>
  settings?.relay ? hostOf(settings.relay, `https://${host}`) || host : hostOf(settings?.host ?? '');

/** Checks whether the last answer that tells was no answer of the API. */
const isImpostor = ({ answers }: Facts): boolean => {
  const last = answers.find(({ receipt }) => receipt && receipt.reason !== 'paused')?.receipt;
  return last?.reason === 'not-the-api' || last?.reason === 'redirected';
};

/** Checks that what answers is the API, or a relay. */
export const answersAsApi: Check = {
  title: 'Answers as an API',
  find(facts) {
    const { settings, network, answers } = facts;
    const target = targetOf(facts);
    if (network.upstream === 'other' || isImpostor(facts))
      return [
        'fault',
        settings?.relay
          ? `What answers on ${target} is no relay. Mount it at the address that the option relay names, before redirects and pages.`
          : `What answers on ${target} is not the API. Check the option host, and proxies before it.`,
      ];
    if (network.upstream === 'relay') return ['ok', `The relay on ${target} answers.`];
    if (answers.some(({ receipt }) => receipt?.status === 'delivered'))
      return ['ok', `${target} has confirmed an update.`];
    return ['look', 'Nothing tells yet. Identify a user while the panel is open.'];
  },
};

/** Checks that updates get through to where they go. */
export const reachable: Check = {
  title: 'Collector reachable',
  find(facts) {
    const { network, settings, pausedUntil, now } = facts;
    const target = targetOf(facts);
    if (network.upstream === 'offline') return ['look', 'This device is offline. Updates wait.'];
    if (network.upstream === 'unasked')
      return ['look', 'Nothing was asked: that begins with init and with consent.'];
    const relay = settings?.relay ? 'give the relay another path' : 'send through a relay on your own domain';
    if (network.upstream === 'filtered')
      return [
        'fault',
        `${target} is reachable, but its path for updates is not: an ad blocker stops it. Pause that to test, or ${relay}.`,
      ];
    if (network.upstream === 'unreachable')
      return [
        'fault',
        `${target} does not answer: a policy or an ad blocker stops it, or it is down. Try without extensions, or ${relay}.`,
      ];
    if (pausedUntil > now)
      return ['look', `${target} asked for no requests for another ${durationOf(pausedUntil - now)}.`];
    return ['ok', `${target} is reachable.`];
  },
};

/** Checks this device's clock by the server's. */
export const clock: Check = {
  title: 'Clock',
  find({ network: { clockAhead } }) {
    if (clockAhead === undefined) return ['look', 'No server on this site tells the time.'];
    const off = Math.abs(clockAhead);
    if (off <= MINUTE) return ['ok', 'This device and the server agree, within a minute.'];
    return [
      off > 60 * MINUTE ? 'fault' : 'look',
      `This device is ${durationOf(off)} ${clockAhead > 0 ? 'ahead of' : 'behind'} the server. Set its clock, or the server’s.`,
    ];
  },
};

/** Checks that the page's policy refuses nothing that utmost needs. */
export const policy: Check = {
  title: 'Content Security Policy',
  find({ refusals: [first, ...rest] }) {
    if (!first) return ['ok', 'It has refused nothing of utmost.'];
    const others = rest.length ? `, and ${countOf(rest.length, 'other')}` : '';
    return ['fault', `It refused ${first.host}${others}. Add ${first.host} to ${first.directive}.`];
  },
};
