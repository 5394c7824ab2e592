import { describe, expect, it } from 'vitest';
import { clock, page, storage } from './visitor-world.ts';

const DAY = 24 * 60 * 60_000;

/** Notes which records are written. */
function notedStorage() {
  const world = storage();
  const { save } = world.store;
  const saved: string[] = [];
  world.store.save = (name, record) => {
    saved.push(name);
    save(name, record);
  };
  return { ...world, saved };
}

/** A visitor of a campaign, who has signed up. */
function knownVisitor() {
  const world = notedStorage();
  const { visitor, arrive } = page(world);
  arrive('?utm_source=a');
  const { body, touch } = visitor.toUserUpdate('u');
  visitor.hasChanged({ body });
  return { world, visitor, arrive, body, touch };
}

describe('the records that a server can make last', () => {
  it.each([
    ['at a page view', ({ arrive }: ReturnType<typeof knownVisitor>) => void arrive('pricing')],
    ['at a reload', ({ arrive }) => void arrive('?utm_source=b', { isReload: true })],
    ['when the same is said of the user', ({ visitor, body }) => void visitor.hasChanged({ body })],
    ['when news is said of the user', ({ visitor }) => void visitor.hasChanged({ body: { news: 1 } })],
    [
      'when an update is delivered',
      ({ visitor, body, touch }) => visitor.markDelivered([{ id: '', profile: '', body, at: 0, touch }]),
    ],
  ])('are not written %s', (_, happen) => {
    const known = knownVisitor();
    known.world.saved.length = 0;
    happen(known);
    expect(new Set(known.world.saved)).not.toContain('id');
    expect(new Set(known.world.saved)).not.toContain('campaign');
  });

  it('are written when they change: by a campaign, and by another user', () => {
    const { world, visitor, arrive } = knownVisitor();
    world.saved.length = 0;
    arrive('?utm_source=b');
    expect(world.saved).toContain('campaign');
    visitor.toUserUpdate('other');
    expect(world.saved).toContain('id');
  });

  it('are written once a day, so that they last where no server keeps them', () => {
    const { world, arrive } = knownVisitor();
    clock.now += DAY + 1;
    world.saved.length = 0;
    arrive();
    arrive();
    expect(world.saved.filter(name => name !== 'state')).toEqual(['id', 'campaign']);
  });

  it('are not where a server keeps them, since Safari counts seven days from what a page writes', () => {
    const { world, arrive } = knownVisitor();
    world.store.save('renewed', {});
    for (let day = 0; day < 3; day++) {
      clock.now += 3 * DAY;
      world.saved.length = 0;
      arrive();
      expect(world.saved).toEqual(['state']);
    }
  });
});

describe('the state, which is lost sooner', () => {
  it('leaves who the visitor is, and the campaign, which is sent once more', () => {
    const { world, visitor, body, touch } = knownVisitor();
    visitor.markDelivered([{ id: '', profile: '', body, at: 0, touch }]);
    expect(visitor.toUserUpdate('u').body.campaign).toBeUndefined();
    world.store.remove('state');
    expect(visitor.toUserUpdate('u').body).toEqual(body);
  });

  it('leaves a reload a reload: the touches say that the visitor was here', () => {
    const { world, visitor, arrive } = knownVisitor();
    world.store.remove('state');
    expect(arrive('?utm_source=b', { isReload: true }).decision.rule).toBe('revisit');
    expect(visitor.campaign()).toEqual({ utm_source: 'a' });
  });

  it('makes no own page look as if it had recorded nothing', () => {
    const { world, arrive } = knownVisitor();
    world.store.remove('state');
    const { decision } = arrive('', { referrer: 'https://www.example.com/other' });
    expect(decision).toMatchObject({ rule: 'internal', issues: [] });
  });
});
