import { expect, it } from 'vitest';
import { forgetType } from '../../../../demo/collector/database/forget-type.ts';
import { useCollector } from '../use-collector.ts';

const collector = useCollector();

it.each(['plan', 'my.plan', 'x'.repeat(300)])(
  'the type of %s is forgotten, and decided by the next update, without a new start',
  async key => {
    const { id, post, user } = collector.tenant();
    await post({ user_id: 'u', metadata: { [key]: [] } });
    expect(await (await post({ user_id: 'u', metadata: { [key]: 'pro' } })).json()).toHaveProperty(
      'rejected',
    );
    expect(await forgetType(collector.database, 'another', key)).toBeUndefined();
    expect(await forgetType(collector.database, id, key)).toBe('array');
    expect(await (await post({ user_id: 'u', metadata: { [key]: 'pro' } })).json()).not.toHaveProperty(
      'rejected',
    );
    expect((await user('u')).metadata).toEqual({ [key.replace('.', '_')]: 'pro' });
    expect(await (await post({ user_id: 'u', metadata: { [key]: [] } })).json()).toHaveProperty('rejected');
  },
);
