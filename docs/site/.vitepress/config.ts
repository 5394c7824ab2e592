import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { NAVIGATION, toFile } from '../navigation.ts';
import { toAnchor } from '../pages.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version, description, repository } = JSON.parse(readFileSync(at('../../../package.json'), 'utf8'));
const github = repository.url.replace(/^git\+|\.git$/g, '');

interface Item {
  text: string;
  link: string;
  items?: Item[];
}
/** The pages of the reference, as typedoc lists them: one an entry, by the name that is imported. */
const flatten = (items: readonly Item[]): Item[] =>
  items.flatMap(({ link, items = [] }) => [
    { text: link.replace(/^\/reference\/|\.md$/g, ''), link },
    ...flatten(items),
  ]);
const reference = flatten(
  JSON.parse(readFileSync(at('../.build/pages/reference/typedoc-sidebar.json'), 'utf8')),
);

/** A picture in the page, so that no host is asked for one. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#3451b2"/><path d="M5 4v4a3 3 0 0 0 6 0V4" fill="none" stroke="#fff" stroke-width="2"/></svg>',
)}`;

const toPath = (source: string) => `/${toFile(source).replace(/\.md$/, '')}`;
const guides = NAVIGATION.map(({ title, entries }) => ({
  text: title,
  items: entries.map(({ title, source }) => ({ text: title, link: toPath(source) })),
}));
const toLink = (title: string) => guides.find(({ text }) => text === title)?.items[0]?.link ?? '/';

export default defineConfig({
  title: 'utmost',
  description,
  lang: 'en',
  // A site below a path, such as GitHub Pages has it: DOCS_BASE=/utmost/ npm run docs
  base: process.env.DOCS_BASE ?? '/',
  head: [['link', { rel: 'icon', href: ICON }]],
  srcDir: '.build/pages',
  outDir: '../../reports/docs',
  cacheDir: '.build/cache',
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: toAnchor },
    config(md) {
      const inline = md.renderer.rules.code_inline;
      // Code with two braces is code, and no expression of the page.
      md.renderer.rules.code_inline = (tokens, n, ...rest) => {
        tokens[n]?.attrSet('v-pre', '');
        return inline?.(tokens, n, ...rest) ?? '';
      };
    },
  },
  vite: {
    resolve: {
      alias: {
        'utmost/simulate': at('../../../src/campaign/simulate.ts'),
        'utmost/channel': at('../../../src/channel/channel-of.ts'),
      },
    },
    server: { fs: { allow: [at('../../..')] } },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Guides', link: toLink('Know where visitors come from') },
      { text: 'Playground', link: '/playground' },
      { text: 'Reference', link: '/api' },
      { text: `v${version}`, link: '/changelog' },
    ],
    sidebar: [...guides, { text: 'Functions and types', items: reference }],
    socialLinks: [{ icon: 'github', link: github, ariaLabel: 'The repository' }],
    editLink: { pattern: `${github}/edit/main/:path`, text: 'Edit this page' },
    footer: { message: 'MIT licence' },
  },
  transformPageData(page) {
    // What is written by hand is edited where it stands in the repository; the reference in the code's comments.
    const { source } = page.frontmatter;
    if (source) page.filePath = source;
    else page.frontmatter.editLink = false;
  },
});
