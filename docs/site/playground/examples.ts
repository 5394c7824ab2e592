import { DEFAULTS, EMPTY_VISIT, type PlaygroundState, type VisitInput } from './state.ts';

export interface Example {
  title: string;
  state: PlaygroundState;
}

const visit = (url: string, rest: Partial<VisitInput> = {}): VisitInput => ({ ...EMPTY_VISIT, ...rest, url });
const example = (title: string, visits: VisitInput[], options: Partial<PlaygroundState> = {}): Example => ({
  title,
  state: { ...DEFAULTS, ...options, visits },
});

const HOME = 'https://www.example.com/';
const NEWSLETTER = `${HOME}?utm_source=newsletter&utm_medium=email&utm_campaign=spring`;

/** What sites ask most. The first is shown to who comes without an address of their own. */
export const EXAMPLES: readonly [Example, ...Example[]] = [
  example('A newsletter, then a payment page', [
    visit(NEWSLETTER),
    visit(`${HOME}pricing`, { referrer: HOME, amount: 2, unit: 'minutes' }),
    visit(`${HOME}thanks`, { referrer: 'https://checkout.stripe.com/', amount: 5, unit: 'minutes' }),
  ]),
  example('A search, an ad a week later, then the login', [
    visit(HOME, { referrer: 'https://www.google.com/' }),
    visit(`${HOME}?gclid=Cj0KCQ&utm_source=google&utm_medium=cpc`, { amount: 7, unit: 'days' }),
    visit('https://app.example.com/login', { referrer: HOME, amount: 3, unit: 'minutes' }),
  ]),
  example(
    'The same, where the last campaign counts',
    [
      visit(HOME, { referrer: 'https://www.google.com/' }),
      visit(`${HOME}?gclid=Cj0KCQ&utm_source=google&utm_medium=cpc`, { amount: 7, unit: 'days' }),
      visit('https://app.example.com/login', { referrer: HOME, amount: 3, unit: 'minutes' }),
    ],
    { attribution: 'last' },
  ),
  example(
    'A partner’s sign-in page that is on no list',
    [
      visit(NEWSLETTER),
      visit('https://app.example.com/welcome', { referrer: 'https://login.ourpartner.com/', amount: 2 }),
    ],
    { excludeReferrers: 'login.ourpartner.com' },
  ),
  example('A sign-in route that redirects on', [
    visit(HOME),
    visit(`${HOME}welcome`, {
      referrer: 'https://github.com/',
      amount: 1,
      unit: 'minutes',
      departedTo: 'www.example.com',
    }),
  ]),
  example('Links that a platform never filled in', [
    visit(`${HOME}?UTM_Source=meta&utm_campaign={{campaign.name}}&utm_term=%20shoes%20`),
  ]),
];
