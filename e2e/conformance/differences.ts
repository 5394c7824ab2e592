import type { Fields } from './stored.ts';

/**
 * A difference that is meant. In each text `*` stands for any. A value of undefined is a field that is not
 * stored.
 */
export interface Difference {
  visit: string;
  field: string;
  theirs: string | undefined;
  ours: string | undefined;
  reason: string;
}

type Found = Omit<Difference, 'reason'>;

/** Tells whether what was found is this difference. */
export function isOf(difference: Difference, found: Found): boolean {
  return (['visit', 'field', 'theirs', 'ours'] as const).every(key => {
    const [pattern, text] = [difference[key], found[key]];
    if (pattern === undefined || text === undefined) return pattern === text;
    const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${literal.replaceAll('*', '.*')}$`, 's').test(text);
  });
}

/** Lists the fields in which two differ. */
export function differing(theirs: Fields, ours: Fields): Omit<Found, 'visit'>[] {
  const names = Object.keys({ ...theirs, ...ours }).sort();
  return names
    .filter(name => theirs[name] !== ours[name])
    .map(field => ({ field, theirs: theirs[field], ours: ours[field] }));
}

type Row = [visit: string, field: string, theirs: string | undefined, ours: string | undefined];
/** Lists differences that have one reason. */
export const because = (reason: string, ...rows: Row[]): Difference[] =>
  rows.map(([visit, field, theirs, ours]) => ({ visit, field, theirs, ours, reason }));

export const DIFFERENCES: readonly Difference[] = [
  ...because(
    'A user identified in the task of init is told in one update; there the visitor is told first.',
    ['*', 'user *.updates', '2', '1'],
    ['*', 'user *.updates', '3', '2'],
  ),
  ...because('An action has the time of its call.', ['*', 'action *.time', 'of its arrival', 'of the call']),
  ...because('A page is always got: the API asks for no verb.', [
    '*',
    'action *.request.verb',
    'GET',
    undefined,
  ]),
  ...because('An address is kept without what is no campaign’s: it may hold secrets.', [
    'actions in a batch',
    'action *.request.uri',
    '*/plain/shop?item=7#top',
    '*/plain/shop',
  ]),
  ...because('A referrer goes out without its query.', [
    'a referrer',
    'user ada.campaign.referrer',
    '*/find?q=shoes',
    '*/find',
  ]),
  ...because('A bad percent sign costs one character and not the campaign.', [
    'a bad percent sign',
    'user ada.campaign.*',
    undefined,
    '*',
  ]),
  ...because(
    'A visitor of whom nothing is known is not told of.',
    ['nothing known of a visitor', 'visitor 1.*', '*', undefined],
    ['a session before the company', 'visitor 1.*', '*', undefined],
  ),
  ...because(
    'The first touch stays the first, and two campaigns never blend.',
    ['a later campaign of a known *', '* *.campaign.gclid', 'later', undefined],
    ['a later campaign of a known *', '* *.campaign.utm_source', 'ads', 'news'],
  ),
  ...because('A session token is never written to the device: a site says it on each page.', [
    'a session on the next page',
    'action Saved.session_token',
    'token-1',
    undefined,
  ]),
  ...because(
    'Who was identified before the company is linked to it.',
    ['the user, then the company', 'user ada.company_id', undefined, 'acme'],
    ['the README', 'user 12345.company_id', undefined, '67890'],
  ),
  ...because(
    'A visitor is told of with the company, if they have one by then.',
    ['the company alone', 'visitor 1.company_id', undefined, 'acme'],
    ['a later campaign of a known company', 'visitor 1.company_id', undefined, 'acme'],
  ),
  ...because('A visitor is told of once for a campaign, and the first touch stays the first.', [
    'a later campaign of a known company',
    'visitor 1.updates',
    '2',
    '1',
  ]),
  ...because(
    'The session of a user identified before it on the page is told at once; there it goes with their next call.',
    ['a session after the user', 'user ada.session_tokens', '', 'token-1'],
    ['actions of a company’s user', 'user ada.session_tokens', '', 'token-1'],
    ['the README', 'user 12345.session_tokens', '', 'd23xdefc3ijhcv93hf4h38f90h43f'],
  ),
  ...because(
    'Reset ends on all subdomains; there the cookies stay, and the user is back on the next page (mended in 1.10.2).',
    ['another user on the page after reset', 'action Looked.stored_with', 'user ada', 'user bob'],
    ['another user on the page after reset', 'action Looked.user_id', 'ada', undefined],
    ['another user on the page after reset', 'action Looked.anonymous_id', undefined, 'visitor 2'],
    ['another user on the page after reset', 'action Looked.company_id', 'acme', undefined],
    ['another user on the page after reset', 'user bob.company_id', 'acme', undefined],
  ),
  ...because(
    'Another user has nothing of the one before.',
    ['another user without reset', 'user bob.anonymous_ids', 'visitor 1', 'visitor 2'],
    ['another user without reset', 'user bob.session_tokens', 'token-1', ''],
    ['another user without reset', 'user bob.campaign.*', '*', undefined],
    ['another user without reset', 'user bob.company_id', 'acme', undefined],
  ),
  ...because(
    'What is said to be cleared is, for the next call already; there the cookies stay (mended in 1.10.2).',
    ...['Looked', 'Returned'].flatMap((name): Row[] => [
      ['cookies and storage cleared', `action ${name}.user_id`, 'ada', undefined],
      ['cookies and storage cleared', `action ${name}.anonymous_id`, undefined, 'visitor 2'],
      // No profile is read for a visitor of whom nothing but actions is known.
      ['cookies and storage cleared', `action ${name}.stored_with`, 'user ada', undefined],
      ['cookies and storage cleared', `action ${name}.time`, 'of its arrival', undefined],
    ]),
  ),
  ...because(
    '`none` is obeyed; there it is taken for `localStorage`.',
    ['persistence none', 'user ada.anonymous_ids', 'visitor 1', 'visitor 2'],
    ['persistence none', 'user ada.campaign.*', '*', undefined],
    ['persistence none', 'user ada.updates', '3', '1'],
    ['persistence none', 'visitor 1.*', undefined, '*'],
  ),
  ...because(
    'The options are obeyed; there they are asked for under another spelling.',
    ['disableReferrer', 'user ada.campaign.refer*', '*', undefined],
    ['disableGclid', 'user ada.campaign.gclid', 'g1', undefined],
  ),
  ...because(
    'Nothing goes out without consent; 1.8.13 does not know the option, and in 1.10.2 it does.',
    ['consent not given', '*', '*', undefined],
    ['consent revoked', '*', '*', undefined],
  ),
];
