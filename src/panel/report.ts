import type { Decision } from '../campaign/attribution.ts';
import type { ParameterIssueCode } from '../campaign/parameters.ts';
import type { Entry, Touch } from '../shared/types.ts';
import { kindOf } from './answers.ts';
import type { Answer, Facts, Stored } from './facts.ts';
import { dateOf, durationOf, hostOf, whenOf } from './words.ts';

/** One line of a section. `shared` is what of it goes into the text for support: nothing of the visitor. */
export interface Row {
  label: string;
  value: string;
  shared?: string | undefined;
}

export interface Section {
  title: string;
  /** What is said where there are no rows. */
  empty: string;
  rows: Row[];
}

/** A row that may be shared as it stands. */
const open = (label: string, value: string): Row => ({ label, value, shared: value });

/** A row of which only that there is one may be shared. */
const closed = (label: string, value: string | undefined): Row => ({
  label,
  value: value ?? 'none',
  shared: value === undefined ? 'none' : 'set',
});

const visitor = ({ anonymousId, userId, companyId, consent, confirmedAt, now }: Facts): Section => ({
  title: 'Visitor',
  empty: '',
  rows: [
    closed('Anonymous id', anonymousId),
    closed('User id', userId),
    closed('Company id', companyId),
    open('Consent', consent),
    ...(confirmedAt ? [open('User confirmed', whenOf(confirmedAt, now))] : []),
  ],
});

/** What an issue says, after the name of a parameter. */
const ISSUES: Record<ParameterIssueCode, string> = {
  trimmed: 'had blanks around it',
  'control-characters': 'had control characters',
  cut: 'was over 512 characters, and is cut',
  'repaired-key': 'was misspelt',
  'from-hash': 'stood behind the #',
  empty: 'is empty',
  macro: 'holds a placeholder that was not filled in',
  email: 'holds an e-mail address, and is dropped',
  jwt: 'holds a token, and is dropped',
  'too-long': 'is too long for a click id, and is dropped',
  repeated: 'stands there twice; the first counts',
  'internal-campaign': 'is an own page, and the link has campaign tags',
  'unrecorded-landing': 'is an own page that recorded nothing',
  'from-referrer': 'is an own page that recorded nothing; its campaign counts',
};

const sentenceOf = ({ outcome, rule, reason }: Decision): string =>
  `${outcome === 'new touch' ? 'It began a new touch' : 'It changed no touch'}, by the rule ${rule}: ${reason}.`;

const visit = ({ decisions }: Facts): Section => {
  const decision = decisions.at(-1);
  const issues = decision?.issues.map(({ key, code }) => open('Noted', `${key} ${ISSUES[code]}`)) ?? [];
  return {
    title: 'This visit',
    empty: 'No visit is recorded yet.',
    rows: decision
      ? [
          open('Decision', sentenceOf(decision)),
          { label: 'Page', value: decision.url, shared: hostOf(decision.url) },
          {
            label: 'Referrer',
            value: decision.referrer || 'none',
            shared: hostOf(decision.referrer) || 'none',
          },
          ...issues,
        ]
      : [],
  };
};

const touchOf = (title: string, empty: string, touch: Touch | undefined, { now }: Facts): Section => ({
  title,
  empty,
  rows: touch
    ? [
        open('When', `${dateOf(touch.at)}, ${whenOf(touch.at, now)}`),
        open('Rule', touch.rule),
        ...Object.entries({ ...touch.campaign, ...touch.clickIds }).map(([label, value]) => ({
          label,
          value: `${value}`,
          shared: (label === 'referring_domain' && hostOf(`https://${value}`)) || 'set',
        })),
        ...(touch.path ? [{ label: 'Landing path', value: touch.path, shared: 'set' }] : []),
      ]
    : [],
});

/** How long each place keeps what has no date of its own. */
const LASTS: Record<Stored['place'], string> = {
  cookie: 'the browser does not tell until when',
  localStorage: 'until it is erased',
  sessionStorage: 'until this tab is closed',
  IndexedDB: 'each update for 30 days at most',
};

const stored = ({ stored, now }: Facts): Section => ({
  title: 'Stored on this device',
  empty: 'Nothing is stored.',
  rows: stored.map(({ name, place, until }) =>
    open(name, `${place}, ${until ? `until ${dateOf(until)} (${whenOf(until, now)})` : LASTS[place]}`),
  ),
});

/** Says why an update waits. */
function whyOf({ id }: Entry, { answers, pausedUntil, now, network }: Facts): string {
  const receipt = answers.find(answer => answer.id === id)?.receipt;
  if (receipt?.message) return receipt.message;
  if (pausedUntil > now)
    return `the server asked for no requests for another ${durationOf(pausedUntil - now)}`;
  if (network.upstream === 'offline') return 'this device is offline';
  return 'no answer has confirmed it yet';
}

const SUBJECTS: Record<string, string> = { user: 'user_id', company: 'company_id', action: 'action_name' };

const waiting = (facts: Facts): Section => ({
  title: 'Waiting in the outbox',
  empty: 'Nothing waits: all that was said has been answered.',
  rows: facts.waiting.map(entry => {
    const kind = kindOf(entry);
    const about = entry.body[SUBJECTS[kind] ?? ''];
    const why = `since ${whenOf(entry.at, facts.now)}: ${whyOf(entry, facts)}`;
    return { label: kind, value: about === undefined ? why : `${about}, ${why}`, shared: why };
  }),
});

function answerOf({ at, kind, receipt, httpStatus }: Answer, now: number): Row {
  const status = receipt?.httpStatus ?? httpStatus;
  const words = receipt
    ? [receipt.status, receipt.reason, status && `HTTP ${status}`].filter(Boolean).join(', ')
    : status
      ? `HTTP ${status}`
      : 'sent before the panel was opened; the browser keeps no answer';
  return open(`${kind}, ${whenOf(at, now)}`, words);
}

const answers = ({ answers, now }: Facts): Section => ({
  title: 'Last answers',
  empty: 'None yet on this page.',
  rows: answers.map(answer => answerOf(answer, now)),
});

/** Makes the sections of the panel, of the facts alone. */
export const toSections = (facts: Facts): Section[] => {
  const { first, last } = facts.touches;
  return [
    visitor(facts),
    visit(facts),
    touchOf('First touch', 'There is none.', first, facts),
    touchOf('Last touch', first ? 'It is the first.' : 'There is none.', last, facts),
    waiting(facts),
    answers(facts),
    stored(facts),
  ];
};
