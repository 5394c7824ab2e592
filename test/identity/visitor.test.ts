import { describe, expect, it } from 'vitest';
import { clock, page, storage } from './visitor-world.ts';

const DAY = 24 * 60 * 60_000;

describe('the campaign of a user', () => {
  it('travels with every update until one has arrived, and then no more', () => {
    const { visitor, arrive, confirm } = page();
    arrive('?utm_source=a');
    const first = visitor.toUserUpdate('u');
    expect(first).toMatchObject({ body: { campaign: { utm_source: 'a' } }, touch: clock.now });
    expect(visitor.toUserUpdate('u')).toEqual(first);
    confirm(first.touch);
    const { campaign: _, ...body } = first.body;
    expect(visitor.toUserUpdate('u')).toEqual({ ...first, body, touch: undefined });
    expect(visitor.campaign()).toEqual({ utm_source: 'a' });
  });

  it('an update without a campaign that arrives confirms none', () => {
    const { visitor, arrive, confirm } = page();
    arrive('?utm_source=a');
    confirm(undefined);
    confirm(1);
    expect(visitor.toUserUpdate('u').body.campaign).toEqual({ utm_source: 'a' });
  });

  it('under first stays the first, under last becomes the latest whole', () => {
    for (const attribution of ['first', 'last'] as const) {
      const { visitor, arrive, confirm } = page(storage(), { attribution });
      arrive('?utm_source=a&utm_term=x');
      confirm(visitor.toUserUpdate('u').touch);
      arrive('?utm_source=b');
      const { campaign } = visitor.toUserUpdate('u').body;
      if (attribution === 'first') expect(campaign).toBeUndefined();
      else expect(campaign).toMatchObject({ utm_source: 'b', utm_term: null, gclid: null });
    }
  });

  it('of an earlier touch that arrives late does not keep the latest from travelling', () => {
    const { visitor, arrive, confirm } = page(storage(), { attribution: 'last' });
    arrive('?utm_source=a');
    const { touch } = visitor.toUserUpdate('u');
    arrive('?utm_source=b');
    confirm(touch);
    expect(visitor.toUserUpdate('u').body.campaign).toMatchObject({ utm_source: 'b' });
  });

  it('is gone when it is older than the site wants', () => {
    const { visitor, arrive } = page(storage(), { campaignMaxAge: 1 });
    arrive('?utm_source=a');
    clock.now += DAY + 1;
    expect(visitor.campaign()).toBeUndefined();
    expect(visitor.toUserUpdate('u').body.campaign).toBeUndefined();
  });
});

describe('an announcement', () => {
  it('is made once for a campaign, on whichever page', () => {
    const world = storage();
    const { visitor, arrive } = page(world);
    arrive('?utm_source=a');
    expect(visitor.toAnonymousUpdate()).toMatchObject({
      body: { anonymous_id: 'id-1', campaign: { utm_source: 'a' } },
    });
    expect(visitor.toAnonymousUpdate()).toBeUndefined();
    const next = page(world);
    next.arrive();
    expect(next.visitor.toAnonymousUpdate()).toBeUndefined();
  });

  it('is made again for a new touch that counts, under last only', () => {
    for (const attribution of ['first', 'last'] as const) {
      const { visitor, arrive } = page(storage(), { attribution });
      arrive('?utm_source=a');
      visitor.toAnonymousUpdate();
      arrive('?utm_source=b');
      expect(!!visitor.toAnonymousUpdate()).toBe(attribution === 'last');
    }
  });

  it('is made neither of an empty campaign nor of an identified user', () => {
    const { visitor, arrive } = page();
    arrive('?fbclid=a');
    expect(visitor.toAnonymousUpdate()).toBeUndefined();
    arrive('?utm_source=a');
    visitor.toUserUpdate('u');
    expect(visitor.toAnonymousUpdate()).toBeUndefined();
  });

  it('leaves the campaign to travel with the user', () => {
    const { visitor, arrive } = page();
    arrive('?utm_source=a');
    visitor.toAnonymousUpdate();
    expect(visitor.toUserUpdate('u').body.campaign).toEqual({ utm_source: 'a' });
  });
});
