import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { readVisitor } from '../../src/server/read-visitor.ts';
import { fencesOf, readPage } from '../docs/pages.ts';
import { RECORDS, toCookie, toHeader } from './cookies.ts';

const READERS = {
  python: {
    program: 'python3',
    flag: '-c',
    run: `
import sys
headers = json.loads(sys.stdin.read())
print(json.dumps([[read_record(header, "id"), read_record(header, "campaign")] for header in headers]))`,
  },
  ruby: {
    program: 'ruby',
    flag: '-e',
    run: `
headers = JSON.parse(STDIN.read)
puts JSON.generate(headers.map { |header| [read_record(header, "id"), read_record(header, "campaign")] })`,
  },
} as const;

const at = Date.now();
const campaign = {
  first: { campaign: { utm_source: 'été 你好' }, at, rule: 'campaign' },
  count: 1,
  lastActivityAt: at,
};
const HEADERS = [
  '',
  'theme=dark',
  toHeader({ ...RECORDS, campaign }),
  `theme=a=b; ${toHeader({ id: RECORDS.id })}`,
  `${toCookie('id', { anonymousId: 'first' })}; ${toHeader(RECORDS)}`,
  toHeader({ id: { ...RECORDS.id, v: 2 }, campaign }),
  toHeader({ id: [1], campaign: 'x' }),
  'utmost_id=%%%; utmost_campaign=A',
  'utmost_id=bnVsbA; utmost_campaign=eyJ2Ijox',
];

type Records = [id: { anonymousId?: string; userId?: string }, campaign: { first?: { campaign: object } }];

for (const [language, { program, flag, run }] of Object.entries(READERS)) {
  const isThere = spawnSync(program, ['--version']).status === 0;
  if (!isThere)
    console.warn(`NOT TESTED: there is no ${program} here, so the reader of docs/server.md was not run.`);
  it.skipIf(!isThere)(`the ${language} reader of docs/server.md reads what readVisitor reads`, () => {
    const [reader = ''] = fencesOf(readPage('docs/server.md'), language);
    const { stdout, stderr } = spawnSync(program, [flag, reader + run], {
      input: JSON.stringify(HEADERS),
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(stderr).toBe('');
    const read: Records[] = JSON.parse(stdout);
    const told = read.map(([{ anonymousId, userId }, { first }]) => [anonymousId, userId, first?.campaign]);
    const expected = HEADERS.map(header => {
      const { anonymousId, userId, first } = readVisitor(header, { campaignMaxAge: 36_500 });
      return [anonymousId, userId, first?.campaign];
    });
    expect(told).toEqual(expected);
  });
}
