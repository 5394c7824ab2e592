import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { table } from './markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a page or a server loads: its name in `.size-limit.json`, how it is loaded, and what it is for. */
const BUILDS = [
  ['script tag', '`utmost.min.js`, the script tag', 'users and their campaign'],
  ['init and identifyUser', "`import { init, identifyUser } from 'utmost'`", 'the same, in your bundle'],
  ['init and identifyUser without dependencies', 'the same without dependencies', 'its own code alone'],
  [
    'full script tag',
    '`utmost.full.min.js`, the script tag',
    'companies, sessions, actions and links across domains besides',
  ],
  [
    'full',
    "`import { init, identifyUser, identifyCompany, track } from 'utmost/full'`",
    'the same, in your bundle',
  ],
  ['module', '`utmost.module.min.js`, for a page without a bundler', 'the same as the script tag, to import'],
  [
    'forms script tag',
    '`utmost.forms.min.js`, beside a script tag',
    'hidden form fields and the event `utmost:ready`',
  ],
  ['capture script tag', '`utmost.capture.min.js`, beside a script tag', 'records calls to your API'],
  ['panel script', '`utmost.panel.min.js`, loaded when the panel is asked for', 'who sets utmost up'],
  ['simulate', "`import { simulateVisits } from 'utmost/simulate'`", 'your tests of the rules'],
  ['channel', "`import { channelOf } from 'utmost/channel'`", 'the channel of a campaign'],
  ['relay', "`import { createRelay } from 'utmost/relay'`", 'your server'],
  [
    'relay/node',
    "`import { createNodeRelay } from 'utmost/relay/node'`",
    'the same on Express, Fastify and Connect',
  ],
  [
    'server',
    "`import { readVisitor, renewCookies, createServerClient } from 'utmost/server'`",
    'your sign-up handler',
  ],
  ['consent-mode', "`import { followConsentMode } from 'utmost/consent-mode'`", 'Google Consent Mode'],
  ['consent-tcf', "`import { followTcf } from 'utmost/consent-tcf'`", 'IAB TCF'],
  [
    'react',
    "`import { UtmostProvider, useCampaign, useUser } from 'utmost/react'`",
    'React, over `init`; Vue, Svelte and Next.js alike',
  ],
] as const;

interface Size {
  name: string;
  size: number;
}

let measured: Map<string, number> | undefined;
/** What size-limit measures of `dist/`, by its names. */
function measure(): Map<string, number> {
  if (!existsSync(`${root}dist/utmost.min.js`))
    throw new Error('There is no dist/: run npm run build first.');
  const command = [`${root}node_modules/size-limit/bin.js`, '--json'];
  // Not by its exit code: a limit that is passed is told by npm run package.
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  const sizes: Size[] = JSON.parse(stdout || stderr);
  return new Map(sizes.map(({ name, size }) => [name, size]));
}

/** The size of a build in thousands of bytes, to one decimal. */
export function sizeOf(build: string, how: 'gzip' | 'brotli'): string {
  measured ??= measure();
  const bytes = measured.get(`${build}, ${how}`);
  if (bytes === undefined) throw new Error(`.size-limit.json has no "${build}, ${how}".`);
  return `${(bytes / 1000).toFixed(1)} KB`;
}

/** The size of every build. */
export const sizesTable = (): string =>
  table(
    ['build', 'for', 'gzip', 'brotli'],
    BUILDS.map(([name, how, use]) => [how, use, sizeOf(name, 'gzip'), sizeOf(name, 'brotli')]),
    2,
  );
