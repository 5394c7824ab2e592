import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../../demo/collector/http-error.ts';
import { parseUser } from '../../../../demo/collector/routes/body.ts';

const parse = (body: unknown) => parseUser(JSON.stringify(body));
const withField = (field: string, value: unknown) => () => parse({ user_id: 'u', [field]: value });

describe('a body', () => {
  it.each(['', 'no json', '{"user_id": ', '[]', '"u"', '1', 'null'])('that is %j is refused', text => {
    expect(() => parseUser(text)).toThrow(HttpError);
  });

  it('needs a user_id or an anonymous_id', () => {
    expect(() => parse({ metadata: {} })).toThrow(/user_id or an anonymous_id/);
    expect(parse({ user_id: 'u' }).userId).toBe('u');
    expect(parse({ anonymous_id: 'a' }).anonymousId).toBe('a');
  });

  it('may hold fields that the API does not know', () => {
    expect(parse({ user_id: 'u', shoe_size: 43 })).toEqual(parse({ user_id: 'u' }));
  });

  it('may say null for what the sender does not know', () => {
    const fields = { anonymous_id: null, modified_time: null, campaign: null, metadata: null };
    expect(parse({ user_id: 'u', ...fields })).toEqual(parse({ user_id: 'u' }));
    expect(() => parse({ user_id: null })).toThrow(/^user_id is missing/);
  });

  it('gets no field from an object’s prototype', () => {
    expect(() => parseUser('{"__proto__": {"user_id": "u"}}')).toThrow(/user_id or an anonymous_id/);
  });
});

describe('a field that is refused is named:', () => {
  const texts = ['user_id', 'anonymous_id', 'company_id', 'session_token', 'ip_address', 'user_agent_string'];

  it.each(texts)('%s that is no string, is empty, or can not be stored', field => {
    for (const value of [1, '', false, {}, ['u'], 'a\0', '\uDC00', 'x'.repeat(20_000)]) {
      expect(withField(field, value)).toThrow(new RegExp(`^${field} must`));
    }
  });

  it.each([
    'yesterday',
    '2024-05-31',
    '2024-02-30T00:00:00Z',
    '2024-05-31T25:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-10:00',
    '2024-05-31T12:00:00+99:00',
    1_717_156_800,
  ])('modified_time %j', value => {
    expect(withField('modified_time', value)).toThrow(/^modified_time must be an ISO 8601/);
  });

  it.each([[[]], ['utm_source=a'], [7]])('campaign %j', value => {
    expect(withField('campaign', value)).toThrow(/^campaign must/);
  });

  it.each([[1], [{}], [['a']], [true]])('campaign.utm_source %j', value => {
    expect(withField('campaign', { utm_source: value })).toThrow(/^campaign\.utm_source must/);
  });

  it.each([[[]], ['gold'], [7]])('metadata %j', value => {
    expect(withField('metadata', value)).toThrow(/^metadata must/);
  });

  it('metadata nested deeper than anybody means', () => {
    const text = `{"user_id": "u", "metadata": {"a": ${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
    expect(() => parseUser(text)).toThrow(/^metadata must be nested at most/);
  });
});

describe('modified_time', () => {
  it.each([
    ['2024-05-31T12:00:00Z', '2024-05-31T12:00:00.000Z'],
    ['2024-05-31T12:00:00.123456Z', '2024-05-31T12:00:00.123Z'],
    ['2024-05-31T12:00:00+02:00', '2024-05-31T10:00:00.000Z'],
    ['2024-05-31T12:00-0530', '2024-05-31T17:30:00.000Z'],
    ['2024-05-31T12:00:00', '2024-05-31T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parse({ user_id: 'u', modified_time: text }).modifiedTime).toBe(Date.parse(expected));
  });
});
