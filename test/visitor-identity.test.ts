import { describe, expect, it } from 'vitest';
import { page, storage } from './visitor-world.ts';

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
    expect(visitor.identify('u').identity).toMatchObject({ anonymousId: before, userId: 'u' });
  });

  it('remembers the company for later updates, until another is named', () => {
    const world = storage();
    page(world).visitor.identify('u', 'c');
    expect(page(world).visitor.identify('u').identity.companyId).toBe('c');
    expect(page(world).visitor.identify('u', 'd').identity.companyId).toBe('d');
  });

  it('of another user sends nothing of the one before', () => {
    const { visitor, arrive } = page();
    arrive('?utm_source=a');
    const { anonymousId } = visitor.identify('A', 'company of A').identity;
    const other = visitor.identify('B');
    expect(other).toEqual({ identity: { anonymousId: visitor.identity().anonymousId, userId: 'B' } });
    expect(other.identity.anonymousId).not.toBe(anonymousId);
    expect(visitor.campaign()).toBeUndefined();
  });

  it('of another user is noticed on another page too', () => {
    const world = storage();
    const { anonymousId } = page(world).visitor.identify('A').identity;
    expect(page(world).visitor.identify('B').identity.anonymousId).not.toBe(anonymousId);
  });
});

describe('reset', () => {
  it('gives the next visitor a new id, and neither user nor company', () => {
    const { visitor } = page();
    const { anonymousId } = visitor.identify('u', 'c').identity;
    visitor.reset();
    const { identity } = visitor.identify('v');
    expect(identity).toMatchObject({ userId: 'v', companyId: undefined });
    expect(identity.anonymousId).not.toBe(anonymousId);
  });

  it('keeps a campaign that nobody was identified with', () => {
    const { visitor, arrive } = page();
    arrive('?utm_source=a');
    visitor.reset();
    expect(visitor.identify('u').campaign).toEqual({ utm_source: 'a' });
  });

  it('leaves an identified user’s campaign theirs, also on a reload of the landing page', () => {
    const { visitor, arrive } = page();
    arrive('?utm_source=a');
    visitor.identify('u');
    visitor.reset();
    arrive('?utm_source=a', { revisit: true });
    expect(visitor.identify('v').campaign).toBeUndefined();
  });

  it('does not let what arrives late confirm the next visitor’s campaign', () => {
    const { visitor, arrive, confirm } = page();
    arrive('?utm_source=a');
    const { touch } = visitor.identify('u');
    visitor.reset();
    arrive('?utm_source=b');
    confirm(touch);
    expect(visitor.identify('v').campaign).toEqual({ utm_source: 'b' });
  });
});

it.each([{}, { anonymousId: 5 }, { anonymousId: '' }])('a tampered identity is replaced: %j', record => {
  const world = storage();
  world.records.utmost_id = JSON.stringify(record);
  expect(page(world).visitor.identify('u').identity.anonymousId).toMatch(/^id-/);
});
