import type { SimulatedVisit, SimulationOptions } from 'utmost/simulate';

const MINUTES = { minutes: 1, hours: 60, days: 1440 };
export type Unit = keyof typeof MINUTES;
export const UNITS = Object.keys(MINUTES) as Unit[];

/** One visit as it is typed in. */
export interface VisitInput {
  url: string;
  referrer: string;
  /** The time since the visit before. It says nothing of the first visit. */
  amount: number;
  unit: Unit;
  isReload: boolean;
  departedTo: string;
}

/** All that is typed in. */
export interface PlaygroundState {
  visits: VisitInput[];
  attribution: 'first' | 'last';
  /** Minutes. */
  sessionTimeout: number;
  /** Days. */
  campaignMaxAge: number;
  /** Hosts, with blanks or commas between them. */
  excludeReferrers: string;
}

export const EMPTY_VISIT: VisitInput = {
  url: '',
  referrer: '',
  amount: 1,
  unit: 'hours',
  isReload: false,
  departedTo: '',
};

/** The library's own defaults. */
export const DEFAULTS = {
  attribution: 'first',
  sessionTimeout: 30,
  campaignMaxAge: 180,
  excludeReferrers: '',
} as const satisfies Omit<PlaygroundState, 'visits'>;

/** Returns an address as a visitor may type it: without a scheme it is https. */
const toUrl = (text: string) => {
  const typed = text.trim();
  return typed && !/^[a-z][a-z\d+.-]*:/i.test(typed) ? `https://${typed}` : typed;
};

/** Returns the milliseconds between a visit and the one before. */
const gapOf = ({ amount, unit }: VisitInput) => Math.max(0, amount || 0) * MINUTES[unit] * 60_000;

/** The time of the first visit: any but 0, as rules look at what lies between visits alone. */
const BEGIN = Date.UTC(2026, 0, 1);

/** Makes what `simulateVisits` takes of what is typed in. Visits without an address are left out. */
export function toSimulation({ visits, ...given }: PlaygroundState): {
  visits: SimulatedVisit[];
  options: SimulationOptions;
} {
  let at = BEGIN;
  const typed = visits.filter(({ url }) => url.trim());
  return {
    visits: typed.map((visit, n) => {
      at += n ? gapOf(visit) : 0;
      return {
        url: toUrl(visit.url),
        ...(visit.referrer.trim() && { referrer: toUrl(visit.referrer) }),
        at,
        ...(visit.isReload && { isReload: true }),
        ...(visit.departedTo.trim() && { departedTo: visit.departedTo.trim() }),
      };
    }),
    options: {
      ...(given.attribution !== DEFAULTS.attribution && { attribution: given.attribution }),
      ...(given.sessionTimeout !== DEFAULTS.sessionTimeout && { sessionTimeout: given.sessionTimeout }),
      ...(given.campaignMaxAge !== DEFAULTS.campaignMaxAge && { campaignMaxAge: given.campaignMaxAge }),
      ...(given.excludeReferrers.trim() && {
        excludeReferrers: given.excludeReferrers.split(/[\s,]+/).filter(Boolean),
      }),
    },
  };
}

/** Writes the state as the part of an address after its `#`. What is a default is left out. */
export function toHash(state: PlaygroundState): string {
  const text = new URLSearchParams();
  const add = (key: string, value: string | number, usual: string | number) => {
    if (value !== usual) text.append(key, `${value}`);
  };
  state.visits.forEach((visit, n) => {
    text.append('url', visit.url);
    add('referrer', visit.referrer, EMPTY_VISIT.referrer);
    if (n) add('after', `${visit.amount}${visit.unit[0]}`, '1h');
    add('reload', `${visit.isReload}`, 'false');
    add('departed', visit.departedTo, EMPTY_VISIT.departedTo);
  });
  add('attribution', state.attribution, DEFAULTS.attribution);
  add('session', state.sessionTimeout, DEFAULTS.sessionTimeout);
  add('days', state.campaignMaxAge, DEFAULTS.campaignMaxAge);
  add('exclude', state.excludeReferrers, DEFAULTS.excludeReferrers);
  return text.toString();
}

const numberOf = (text: string, usual: number) => (text.trim() && Number.isFinite(+text) ? +text : usual);

/** Reads a state from the part of an address after its `#`. Whatever is no state there is as if it were absent. */
export function fromHash(hash: string): PlaygroundState | undefined {
  const state: PlaygroundState = { ...DEFAULTS, visits: [] };
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if (key === 'url') state.visits.push({ ...EMPTY_VISIT, url: value });
    else readField(state, key, value);
  }
  return state.visits.length ? state : undefined;
}

function readField(state: PlaygroundState, key: string, value: string): void {
  const visit = state.visits.at(-1);
  if (key === 'attribution') state.attribution = value === 'last' ? 'last' : 'first';
  if (key === 'session') state.sessionTimeout = numberOf(value, DEFAULTS.sessionTimeout);
  if (key === 'days') state.campaignMaxAge = numberOf(value, DEFAULTS.campaignMaxAge);
  if (key === 'exclude') state.excludeReferrers = value;
  if (!visit) return;
  if (key === 'referrer') visit.referrer = value;
  if (key === 'reload') visit.isReload = value === 'true';
  if (key === 'departed') visit.departedTo = value;
  if (key === 'after') {
    visit.amount = numberOf(value.slice(0, -1), EMPTY_VISIT.amount);
    visit.unit = UNITS.find(unit => unit[0] === value.at(-1)) ?? EMPTY_VISIT.unit;
  }
}
