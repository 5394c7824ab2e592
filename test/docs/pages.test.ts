import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toAnchor } from '../../docs/site/pages.ts';
import { fencesOf, PAGES, readPage, withoutFences } from './pages.ts';

const anchorsOf = (page: string) =>
  [...withoutFences(readPage(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => toAnchor(`${heading}`));

/** The links of a page that lead to a place in the repository. */
const linksOf = (page: string) =>
  [...withoutFences(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => `${link}`)
    .filter(link => !/^[a-z]+:/.test(link));

describe.each(PAGES)('%s', page => {
  it('has no relative link that leads nowhere', () => {
    const broken = linksOf(page).filter(link => {
      const [path = '', anchor] = link.split('#');
      const target = path ? posix.join(posix.dirname(page), path) : page;
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('has no two headings of one anchor that a link could mean', () => {
    const anchors = anchorsOf(page);
    const linked = PAGES.flatMap(linksOf).map(link => link.split('#')[1]);
    const twice = anchors.filter((anchor, n) => anchors.indexOf(anchor) !== n);
    expect(twice.filter(anchor => linked.includes(anchor))).toEqual([]);
  });
});

it('the documentation index of the README names every page of docs/', () => {
  const links = linksOf('README.md');
  expect(PAGES.filter(page => page.startsWith('docs/') && !links.includes(page))).toEqual([]);
});

/** Paragraphs, list items, headings and cells of tables, each in one line and without markup. */
function passagesOf(text: string): string[] {
  return withoutFences(text)
    .replace(/<!--.*?-->/gs, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, 'code')
    .split(/\n\s*\n|\n(?=\s*(?:[-*] |\d+\. |\|))/)
    .flatMap(block => (/^\s*\|/.test(block) ? block.split('|') : block.replace(/\s+/g, ' ')));
}

describe('the README', () => {
  const readme = readPage('README.md');

  it('has no sentence of over 25 words', () => {
    const sentences = passagesOf(readme).flatMap(passage => passage.trim().split(/(?<=[.!?])\s+/));
    expect(sentences.length).toBeGreaterThan(80);
    expect(sentences.filter(sentence => sentence.split(/\s+/).length > 25)).toEqual([]);
  });

  it('has at most 200 lines', () => {
    expect(readme.split('\n').length - 1).toBeLessThanOrEqual(200);
  });

  it('tells the script tag in its first 30 lines', () => {
    expect(readme.split('\n').slice(0, 30).join('\n')).toContain('<script async src="/utmost.min.js"');
  });
});

it('every script in a page’s HTML is one that ships or that a test runs', () => {
  const [shipped = ''] = readPage('src/snippet.html').split(';utmost.init(');
  const scripts = PAGES.flatMap(page =>
    fencesOf(readPage(page), 'html').flatMap(html =>
      [...html.matchAll(/<script[^>]*>(?!<\/script>).*?<\/script>/gs)].map(([script]) => ({ page, script })),
    ),
  );
  const isRun = ({ page, script }: (typeof scripts)[number]) =>
    script.startsWith(shipped) ||
    // e2e/loading.test.ts
    page === 'docs/loading.md' ||
    // e2e/consent-recipes.test.ts
    (page === 'docs/consent.md' && /^<script type="module">\s+import \{ follow/.test(script));
  expect(scripts.length).toBeGreaterThan(3);
  expect(scripts.filter(each => !isRun(each))).toEqual([]);
});
