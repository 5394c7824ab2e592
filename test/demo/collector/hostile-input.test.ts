import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useCollector } from '../use-collector.ts';

const { tenant } = useCollector();

describe('hostile input', () => {
  it('is stored as data: __proto__ keys, NUL characters, unpaired surrogates', async () => {
    const { post, get } = tenant();
    await post(
      '{"user_id": "u", "metadata": {"__proto__": {"admin": true}, "n\\u0000": "\\u0000", "s": "\\ud800"}}',
    );
    await post('{"user_id": "u", "campaign": {"utm_source": "a\\u0000b", "__proto__": "x"}}');
    const text = await (await get('/profiles/u')).text();
    expect(text).toContain('"__proto__":{"admin":true}');
    expect(text).toContain('"n\uFFFD":"\uFFFD"');
    expect(text).toContain('"utm_source":"a\uFFFDb"');
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('10,000 levels deep is refused in metadata and ignored where nobody reads it', async () => {
    const { post } = tenant();
    const deep = '{"a":'.repeat(10_000) + 1 + '}'.repeat(10_000);
    expect((await post(`{"user_id": "u", "metadata": ${deep}}`)).status).toBe(400);
    expect((await post(`{"user_id": "u", "else": ${deep}}`)).status).toBe(201);
    expect((await post(deep)).status).toBe(400);
  });

  it('of any shape never gives a 5xx', async () => {
    const { post } = tenant();
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    const id = fc.oneof({ weight: 3, arbitrary: fc.constantFrom('u', 'v') }, text, fc.jsonValue());
    const body = fc.record(
      {
        user_id: id,
        anonymous_id: id,
        company_id: id,
        session_token: id,
        modified_time: fc.oneof(
          fc.date().map(String),
          fc.date({ noInvalidDate: true }).map(d => d.toISOString()),
          text,
        ),
        campaign: fc.oneof(fc.dictionary(text, fc.option(text)), fc.jsonValue()),
        metadata: fc.oneof(fc.dictionary(text, fc.jsonValue({ stringUnit: 'binary' })), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 5, arbitrary: body }, text, fc.jsonValue()), async input => {
        expect((await post(input)).status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
