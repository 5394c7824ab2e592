import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { SOURCES, toFile } from '../../docs/site/navigation.ts';
import { stage } from '../../docs/site/pages.ts';
import { EXAMPLES } from '../../docs/site/playground/examples.ts';
import { runPlayground, toCode } from '../../docs/site/playground/run.ts';
import {
  DEFAULTS,
  EMPTY_VISIT,
  fromHash,
  type PlaygroundState,
  toHash,
} from '../../docs/site/playground/state.ts';
import * as simulate from '../../src/campaign/simulate.ts';
import { DEFAULTS as OPTIONS } from '../../src/options/options.ts';
import { PAGES } from './pages.ts';

const REPOSITORY = 'https://github.com/acme/utmost';
const staged = (source: string, text: string) => stage(source, text, REPOSITORY);

describe('the site’s pages', () => {
  it('are all pages of the repository, each with its place in the navigation and a name of its own', () => {
    expect(SOURCES.filter(source => !source.startsWith('docs/site/')).sort()).toEqual([...PAGES].sort());
    expect(new Set(SOURCES.map(toFile)).size).toBe(SOURCES.length);
  });

  it('link to each other, and to the repository for all else', () => {
    const text =
      'See [the `relay`](relay.md#next), [code](../src/index.ts#L1), [top](#top) and [MDN](https://mdn.dev).';
    expect(staged('docs/forms.md', text).text).toContain(
      `See [the \`relay\`](./relay.md#next), [code](${REPOSITORY}/blob/main/src/index.ts#L1), [top](#top) and [MDN](https://mdn.dev).`,
    );
    expect(staged('README.md', '[a](docs/ARCHITECTURE.md)').text).toContain('[a](./architecture.md)');
  });

  it('keep their code as it is written, and bring their pictures', () => {
    const code = '```md\n[a](b.md)\n```\n`[a](b.md)` ![The panel](panel.png)';
    const { text, images } = staged('docs/panel.md', code);
    expect(text).toContain('```md\n[a](b.md)\n```\n`[a](b.md)` ![The panel](./assets/panel.png)');
    expect(images).toEqual(['docs/panel.png']);
  });

  it('show no picture of another host', () => {
    const text = '# utmost\n\n[![npm](https://img.shields.io/a)](https://npm.im)\n\nText';
    expect(staged('README.md', text).text).toMatch(/# Get started\n\n+Text$/);
  });

  it('hold the site’s own files, all of them', () => {
    const own = readdirSync(fileURLToPath(new URL('../../docs/site', import.meta.url))).filter(name =>
      name.endsWith('.md'),
    );
    expect(SOURCES).toEqual(expect.arrayContaining(own.map(name => `docs/site/${name}`)));
  });
});

describe('the playground', () => {
  const state: PlaygroundState = {
    visits: [
      { ...EMPTY_VISIT, url: 'https://www.example.com/?utm_source=a&b=#c' },
      {
        url: 'example.com',
        referrer: 'x.test',
        amount: 2.5,
        unit: 'days',
        isReload: true,
        departedTo: 'x.test',
      },
    ],
    attribution: 'last',
    sessionTimeout: 45,
    campaignMaxAge: 30,
    excludeReferrers: 'a.test, b.test',
  };

  it('keeps its state in an address, and leaves out what is a default', () => {
    expect(fromHash(`#${toHash(state)}`)).toEqual(state);
    for (const { state } of EXAMPLES) expect(fromHash(toHash(state))).toEqual(state);
    expect(toHash({ ...DEFAULTS, visits: [{ ...EMPTY_VISIT, url: 'a' }] })).toBe('url=a');
  });

  it('takes an address that is no state for none, and a bad part of it for its default', () => {
    for (const hash of ['', '#', '#the-rules', '#days=3']) expect(fromHash(hash)).toBeUndefined();
    expect(fromHash('#url=a&url=b&after=xy&session=z&attribution=all&days=')).toEqual({
      ...DEFAULTS,
      visits: [
        { ...EMPTY_VISIT, url: 'a' },
        { ...EMPTY_VISIT, url: 'b' },
      ],
    });
  });

  it('has the library’s own defaults', () => {
    const { excludeReferrers, ...numbers } = DEFAULTS;
    expect(OPTIONS).toMatchObject(numbers);
  });

  it.each(EXAMPLES.map(({ title, state }) => [title, state] as const))(
    'decides each visit of: %s',
    (_, state) => {
      const { decisions, error, faults } = runPlayground(state);
      expect([decisions.every(Boolean), error, faults]).toEqual([true, undefined, {}]);
    },
  );

  it('tells the visit that is credited by its number, whatever is empty or wrong between', () => {
    const visits = ['', 'http:///', 'example.com/?utm_source=a', 'example.com/?utm_source=b'];
    const outcome = runPlayground({ ...DEFAULTS, visits: visits.map(url => ({ ...EMPTY_VISIT, url })) });
    expect(outcome).toMatchObject({ first: 3, last: 4, campaign: [['utm_source', 'a']] });
    expect(outcome.decisions.map(decision => decision?.rule)).toEqual([
      undefined,
      undefined,
      'campaign',
      'campaign',
    ]);
    expect(Object.keys(outcome.faults)).toEqual(['2']);
  });

  it('tells what is wrong with an option', () => {
    expect(runPlayground({ ...state, sessionTimeout: -1 }).error).toMatch(/sessionTimeout/);
  });

  it.each(EXAMPLES.map(({ title, state }) => [title, state] as const))(
    'writes the same as code: %s',
    (_, state) => {
      const code = toCode(state).replace(/^import .*$/m, '');
      const run = new Function('simulateVisits', `${code}; return { campaign, decisions };`);
      const { campaign = {}, decisions } = run(simulate.simulateVisits);
      const shown = runPlayground(state);
      expect(decisions).toEqual(shown.decisions);
      expect(Object.entries(campaign).filter(([, value]) => value)).toEqual(shown.campaign);
    },
  );
});
