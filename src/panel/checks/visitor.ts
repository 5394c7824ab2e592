import type { Facts } from '../facts.ts';
import { countOf, durationOf } from '../words.ts';
import type { Check } from './check.ts';

const DAY = 86_400_000;

/** Days for which Safari keeps what a script has stored. */
const CAP = 7;

const cookieOf = ({ stored, settings }: Facts, record: string) =>
  stored.find(
    ({ place, name }) =>
      place === 'cookie' && name === `${settings?.persistenceKeyPrefix ?? 'utmost_'}${record}`,
  );

/** Checks that the browser took the cookie, and how long it keeps it. */
export const cookie: Check = {
  title: 'Cookie',
  find(facts) {
    const { settings, consent, now, browser } = facts;
    if (!settings || consent !== 'granted')
      return ['look', 'None is set before init and before the visitor has agreed.'];
    if (settings.persistence && settings.persistence !== 'cookie')
      return ['look', `None is wanted: the option persistence is ${settings.persistence}.`];
    const found = cookieOf(facts, 'id');
    if (!found)
      return [
        'fault',
        'The browser refused it, and subdomains share no visitor. Allow cookies for this site, and do not embed the page elsewhere.',
      ];
    const wanted = settings.cookieExpiration ?? 365;
    const left = found.until && (found.until - now) / DAY;
    if (cookieOf(facts, 'renewed') && !(left && left <= CAP + 1))
      return ['ok', 'The browser took it, and your server renews it.'];
    // A day's slack: an identity is saved again at most once a day.
    if (left ? left <= CAP + 1 && wanted > CAP + 1 : /^Safari/.test(browser))
      return [
        'look',
        'The browser took it, and keeps it for 7 days at most. Let your server renew it: set renew on the relay, or renewCookies.',
      ];
    return left
      ? ['ok', `The browser took it, and keeps it for ${durationOf(left * DAY)}.`]
      : ['ok', 'The browser took it. It does not tell how long it keeps it.'];
  },
};

/** Checks that the page is nobody's frame: a browser caps or divides what is stored there. */
export const embedding: Check = {
  title: 'First party',
  find({ embedding, isSecure }) {
    if (embedding === 'cross-site')
      return [
        'fault',
        'This page is in a frame of another site, where browsers refuse or divide its cookies. Link to it instead, or use crossSiteCookie.',
      ];
    if (embedding === 'same-site')
      return ['look', 'This page is in a frame of this site. Load utmost in the page around it alone.'];
    return isSecure
      ? ['ok', 'The page is first party, and no frame.']
      : ['look', 'The page comes by http, where browsers lack some functions. Use https.'];
  },
};

/** Checks what the visitor allows. */
export const consent: Check = {
  title: 'Consent',
  find({ consent, hasGlobalPrivacyControl, settings }) {
    if (consent === 'granted') return ['ok', 'The visitor allows tracking.'];
    if (consent === 'pending')
      return [
        'look',
        'It is pending: nothing is stored or sent. Answer the banner; if it stays so, call setConsent from it.',
      ];
    return [
      'look',
      hasGlobalPrivacyControl && settings?.respectGpc
        ? 'The browser’s Global Privacy Control denies it, which the option respectGpc follows.'
        : 'It is denied: nothing is stored or sent. Change the choice in the banner to test.',
    ];
  },
};

/** Checks that the own pages before this one have recorded their visits. */
export const ownPages: Check = {
  title: 'Own pages',
  find({ decisions }) {
    const found = decisions.flatMap(({ issues }) => issues.map(({ code }) => code));
    if (found.includes('unrecorded-landing') || found.includes('from-referrer'))
      return [
        'fault',
        'The page before this one is your own and recorded nothing. Add utmost to it, or look why it did not run there.',
      ];
    if (found.includes('internal-campaign'))
      return ['look', 'A link within your site has campaign tags, and makes a touch. Remove them.'];
    return decisions.length
      ? ['ok', `${countOf(decisions.length, 'visit')} of this page, and no own page before without utmost.`]
      : ['look', 'No visit is recorded on this page yet.'];
  },
};
