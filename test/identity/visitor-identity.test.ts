import { describe, expect, it } from 'vitest';
import { clock, page, storage } from './visitor-world.ts';

describe('the anonymous id', () => {
  it('is one for all pages of a browser', () => {
    const world = storage();
    const id = page(world).visitor.identity().anonymousId;
    expect(id).toBe('id-1');
    expect(page(world).visitor.identity().anonymousId).toBe(id);
  });
});

describe('identify', () => {
  it('keeps the anonymous id, which ties what came before to the user', () => {
    const { visitor } = page();
    const before = visitor.identity().anonymousId;
    expect(visitor.toUserUpdate('u').body).toMatchObject({ anonymous_id: before, user_id: 'u' });
  });

  it('remembers the company for later updates, until another is named', () => {
    const world = storage();
    page(world).visitor.toUserUpdate('u', { company_id: 'c' });
    expect(page(world).visitor.toUserUpdate('u').body.company_id).toBe('c');
    expect(page(world).visitor.toUserUpdate('u', { company_id: 'd' }).body.company_id).toBe('d');
  });

  it('of another user sends nothing of the one before', () => {
    const { visitor, arrive } = page();
    arrive('?utm_source=a');
    const { anonymous_id } = visitor.toUserUpdate('A', { company_id: 'company of A' }).body;
    const other = visitor.toUserUpdate('B');
    expect(other).toEqual({
      profile: 'B',
      body: { user_id: 'B', anonymous_id: visitor.identity().anonymousId },
      at: clock.now,
    });
    expect(other.body.anonymous_id).not.toBe(anonymous_id);
    expect(visitor.campaign()).toBeUndefined();
  });

  it('of another user is noticed on another page too', () => {
    const world = storage();
    const { anonymous_id } = page(world).visitor.toUserUpdate('A').body;
    expect(page(world).visitor.toUserUpdate('B').body.anonymous_id).not.toBe(anonymous_id);
  });
});

describe('reset', () => {
  it('gives the next visitor a new id, and neither user nor company', () => {
    const { visitor } = page();
    const { anonymous_id } = visitor.toUserUpdate('u', { company_id: 'c' }).body;
    visitor.reset();
    const { body } = visitor.toUserUpdate('v');
    expect(body).toMatchObject({ user_id: 'v' });
    expect(body.company_id).toBeUndefined();
    expect(body.anonymous_id).not.toBe(anonymous_id);
  });

  it('keeps a campaign that nobody was identified with', () => {
    const { visitor, arrive } = page();
    arrive('?utm_source=a');
    visitor.reset();
    expect(visitor.toUserUpdate('u').body.campaign).toEqual({ utm_source: 'a' });
  });

  it('leaves an identified user’s campaign theirs, also on a reload of the landing page', () => {
    const { visitor, arrive } = page();
    arrive('?utm_source=a');
    visitor.toUserUpdate('u');
    visitor.reset();
    arrive('?utm_source=a', { isReload: true });
    expect(visitor.toUserUpdate('v').body.campaign).toBeUndefined();
  });

  it('does not let what arrives late confirm the next visitor’s campaign', () => {
    const { visitor, arrive, confirm } = page();
    arrive('?utm_source=a');
    const { touch } = visitor.toUserUpdate('u');
    visitor.reset();
    arrive('?utm_source=b');
    confirm(touch);
    expect(visitor.toUserUpdate('v').body.campaign).toEqual({ utm_source: 'b' });
  });
});

it.each([{}, { anonymousId: 5 }, { anonymousId: '' }])('a tampered identity is replaced: %j', record => {
  const world = storage();
  world.records.utmost_id = JSON.stringify(record);
  expect(page(world).visitor.toUserUpdate('u').body.anonymous_id).toMatch(/^id-/);
});
