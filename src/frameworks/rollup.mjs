import { readFileSync } from 'node:fs';

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/** The entries for frameworks, by the names of their files in dist/. */
export const FRAMEWORKS = Object.fromEntries(
  Object.keys(peerDependencies).map(name => [name, `src/frameworks/${name}.ts`]),
);

/** What such an entry leaves to the site's build: the framework, and the client that the site has. */
export const SITES = new RegExp(`^(utmost|${Object.keys(peerDependencies).join('|')})(/|$)`);

/** Tells React's server components what runs in the page. */
export const banner = ({ name }) => (name === 'react' ? "'use client';" : '');
