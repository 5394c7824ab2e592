import { expect, it } from 'vitest';
import { createSuperseded, isRedundantAfter } from '../../src/delivery/superseded.ts';
import type { Entry, JsonObject } from '../../src/shared/types.ts';

const entry = (id: string, metadata: JsonObject, profile = 'a'): Entry => ({
  id,
  profile,
  body: { user_id: profile, metadata },
  at: 1,
});

/** A page that has sent two updates. */
function spoken() {
  const superseded = createSuperseded();
  const [one, two] = [entry('2', { plan: 'free', seats: 1 }), entry('4', { plan: 'pro' })];
  superseded.recordSent(one, one.body);
  superseded.recordSent({ ...two, touch: 7 }, two.body);
  return superseded;
}

it('an older update that says otherwise is followed by all this page has said, once', () => {
  const superseded = spoken();
  const older = [entry('1', { plan: 'old' }), entry('3', { seats: 5 })];
  expect(older.map(superseded.isSuperseded)).toEqual([true, true]);
  expect(superseded.toResend(older)).toEqual([{ ...entry('4+', { plan: 'pro', seats: 1 }), touch: 7 }]);
  expect(superseded.toResend(older)).toEqual([]);
});

it.each([
  ['is newer', entry('5', { plan: 'old' })],
  ['is of another profile', entry('1', { plan: 'old' }, 'b')],
  ['says nothing else', entry('1', { plan: 'pro', colour: 'red' })],
])('one that %s is not followed by anything', (_, other) => {
  const superseded = spoken();
  expect(superseded.isSuperseded(other)).toBe(false);
  expect(superseded.toResend([other])).toEqual([]);
});

it('each profile has its own', () => {
  const superseded = spoken();
  const b = entry('6', { plan: 'b' }, 'b');
  superseded.recordSent(b, b.body);
  const after = superseded.toResend([entry('1', { plan: 'x' }, 'b'), entry('0', { plan: 'y' })]);
  expect(after.map(({ profile }) => profile)).toEqual(['b', 'a']);
});

it('what a page that has said nothing takes over needs nothing after it', () => {
  expect(createSuperseded().toResend([entry('1', {})])).toEqual([]);
});

const visitor = (anonymous_id: string): Entry => ({
  id: '1',
  profile: anonymous_id,
  body: { anonymous_id, campaign: { utm_source: 'a' } },
  at: 1,
});
const identified = (body: JsonObject): Entry => ({ id: '2', profile: 'ada', body, at: 2 });

it.each<[string, Entry, Entry, boolean]>([
  ['the update of that visitor', visitor('v'), identified({ user_id: 'ada', anonymous_id: 'v' }), true],
  ['another visitor’s', visitor('v'), identified({ user_id: 'ada', anonymous_id: 'w' }), false],
  ['one that names no visitor', visitor('v'), identified({ user_id: 'ada' }), false],
  ['another announcement', visitor('v'), visitor('v'), false],
])('an announcement may be made superfluous by %s', (_, announcement, update, isSo) => {
  expect(isRedundantAfter(announcement, update)).toBe(isSo);
});

it('an update that identifies somebody is never superfluous', () => {
  const update: Entry = { ...identified({ user_id: 'v', anonymous_id: 'w' }), profile: 'v' };
  expect(isRedundantAfter(update, identified({ user_id: 'ada', anonymous_id: 'v' }))).toBe(false);
});

it('actions have no order: none is followed by another once more', () => {
  const superseded = createSuperseded();
  const newer: Entry = { ...entry('4', { n: 1 }), kind: 'actions' };
  superseded.recordSent(newer, newer.body);
  expect(superseded.toResend([entry('3', { n: 2 })])).toEqual([]);
});
