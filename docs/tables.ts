// npm run docs:tables writes every table that the code knows into the pages; npm run docs:check fails where one is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { benchPart, redirectsFigure } from './tables/bench.ts';
import { browsersLine, browsersTable, enginesTable, newerFeaturesTable, target } from './tables/browsers.ts';
import { callDifferencesTable } from './tables/capture.ts';
import { channelsTable } from './tables/channels.ts';
import { deliveredFigure, deliveryTable, scenariosFigure } from './tables/delivery.ts';
import {
  fullFunctionsTable,
  functionsTable,
  reasonsTable,
  rulesTable,
  shortFunctionsTable,
} from './tables/functions.ts';
import { checkFence, checkHelpFence, faultsTable } from './tables/links.ts';
import { type Contents, fill, staleLines } from './tables/markers.ts';
import { optionsTable, shortOptionsTable } from './tables/options.ts';
import { runtimesLine } from './tables/runtimes.ts';
import { sizeOf, sizesTable } from './tables/sizes.ts';
import { policiesTable, snippetFence, strictSnippetFence } from './tables/snippet.ts';
import { fullStorageTable, storageTable } from './tables/storage.ts';

/** The options that the README tells; docs/api.md has all of them. */
const CORE_OPTIONS = ['applicationId', 'host', 'relay', 'attribution', 'consent', 'timeout', 'debug'];

const CONTENTS: Contents = {
  functions: functionsTable,
  'functions in short': shortFunctionsTable,
  'functions of full': fullFunctionsTable,
  options: () => optionsTable(['Options', 'DEFAULTS']),
  'options in short': () => shortOptionsTable('Options', 'DEFAULTS', CORE_OPTIONS),
  'options of full': () =>
    optionsTable(
      ['PersistenceOptions', 'PERSISTENCE_DEFAULTS'],
      ['CampaignFilterOptions', 'CAMPAIGN_FILTER_DEFAULTS'],
      ['BatchOptions', 'ACTION_DEFAULTS'],
      ['ActionOptions', 'ACTION_DEFAULTS'],
      ['MoesifOptions', 'MOESIF_DEFAULTS'],
      ['CrossDomainOption'],
      ['TouchesOption'],
    ),
  'options of crossDomain': () => optionsTable(['CrossDomainOptions']),
  'options of the relay': () => optionsTable(['RelayOptions', 'RELAY_DEFAULTS']),
  'options of readVisitor': () => optionsTable(['VisitorOptions', 'DEFAULTS']),
  'options of createServerClient': () => optionsTable(['ServerOptions', 'DEFAULTS']),
  'options of renewCookies': () => optionsTable(['RenewOptions']),
  'options of userCom': () => optionsTable(['UserComOptions']),
  'options of followConsentMode': () => optionsTable(['ConsentModeOptions']),
  'options of channelOf': () => optionsTable(['ChannelOptions']),
  channels: channelsTable,
  'options of followTcf': () => optionsTable(['TcfOptions']),
  'reasons of queued': () => reasonsTable('QueuedReason'),
  'reasons of dropped': () => reasonsTable('DroppedReason'),
  rules: rulesTable,
  'utmost check': checkFence,
  'utmost --help': checkHelpFence,
  'faults of links': faultsTable,
  storage: storageTable,
  'storage of full': fullStorageTable,
  snippet: snippetFence,
  'snippet without init': strictSnippetFence,
  policies: policiesTable,
  sizes: sizesTable,
  'script tag, gzip': () => sizeOf('script tag', 'gzip'),
  'script tag, brotli': () => sizeOf('script tag', 'brotli'),
  target,
  browsers: browsersTable,
  'browsers in a line': browsersLine,
  engines: enginesTable,
  'newer features': newerFeaturesTable,
  runtimes: runtimesLine,
  delivery: deliveryTable,
  'updates delivered': deliveredFigure,
  'delivery scenarios': scenariosFigure,
  'redirect, utmost': () => redirectsFigure('utmost'),
  'redirect, moesif-browser-js': () => redirectsFigure('moesif-browser-js'),
  'benchmark: bytes': () => benchPart('bytes'),
  'benchmark: time': () => benchPart('time'),
  'benchmark: capture': () => benchPart('capture'),
  'differences of recording': callDifferencesTable,
  'benchmark: delivery': () => benchPart('delivery'),
};

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${root}docs`)
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
];

const text = pages.map(page => readFileSync(root + page, 'utf8')).join('\n');
const unused = Object.keys(CONTENTS).filter(name => !text.includes(`: ${name} -->`));
if (unused.length) throw new Error(`No page has the table or figure ${unused.join(', ')}.`);

const isCheck = process.argv.includes('--check');
for (const page of pages) {
  const is = readFileSync(root + page, 'utf8');
  const should = fill(page, is, CONTENTS);
  if (should === is) continue;
  if (isCheck) {
    console.error(
      `${page} is stale; npm run docs:tables writes it anew:\n${staleLines(is, should).join('\n')}\n`,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(root + page, should);
    console.log(`${page} is written anew.`);
  }
}
