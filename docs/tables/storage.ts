import { table } from './markdown.ts';
import { sourceText, valuesOf } from './source.ts';

type Row = [where: string, name: string, what: string, howLong: string];

const PREFIX = valuesOf('PERSISTENCE_DEFAULTS').get('persistenceKeyPrefix')?.value ?? '';
const days = `${valuesOf('PERSISTENCE_DEFAULTS').get('cookieExpiration')?.value} days`;
const entries = valuesOf('PERSISTENCE_DEFAULTS').get('maxQueueSize')?.value;

const CORE: Row[] = [
  [
    'cookie',
    'utmost_id',
    'The anonymous id, a random UUID. Once identified: the user id and the company id.',
    `${days}, renewed on use`,
  ],
  [
    'cookie',
    'utmost_campaign',
    'First and last touch with their times, and how many there were.',
    `${days}, renewed on use`,
  ],
  [
    'cookie',
    'utmost_state',
    'The time of the last page view, which touch has been sent, a fingerprint of what was last said of the user, when it was confirmed, and what `?utmost_debug` asked for.',
    `${days}, renewed on use`,
  ],
  [
    'cookie',
    'utmost_renewed',
    'Nothing. A server that renews the first two sets it: pages do not write them anew then.',
    '200 days',
  ],
  [
    'cookie',
    'utmost_outbox',
    'That the outbox of this host is empty, so that a page need not look, or a random number of the page that has put something into it. On the host alone.',
    'an hour',
  ],
  ['cookie', 'utmost_consent', 'The choice that `setConsent` was told: one word.', days],
  [
    'cookie',
    'utmost_probe_…',
    'Nothing. It finds the registrable domain, and is removed at once.',
    'an instant',
  ],
  ['sessionStorage', 'utmost_away', 'The other host this tab was sent to last, and when.', 'the tab'],
  [
    'IndexedDB',
    'utmost',
    'Updates on their way.',
    `until the server has confirmed or refused them; at most 30 days, ${entries} updates and 1 MB`,
  ],
  [
    'localStorage',
    'utmost_outbox_…',
    'The same, until IndexedDB has it or where that is blocked. Also what is said while the page is left.',
    'likewise',
  ],
  [
    'localStorage',
    'utmost_retry_at',
    'Until when the server asked to be left alone (`Retry-After`).',
    'at most a day',
  ],
];

const FULL: Row[] = [
  [
    'cookie',
    'utmost_company',
    'A fingerprint of what was last said of the company, and when it was confirmed.',
    `${days}, renewed on use`,
  ],
  [
    'cookie',
    'utmost_session',
    'A fingerprint of the session token that was last told, and when it was confirmed.',
    `${days}, renewed on use`,
  ],
  [
    'localStorage',
    'utmost_touches',
    'With `touches`: the anonymous id, and as many touches as that says, with their campaigns.',
    'until `reset` or a refusal',
  ],
  [
    'localStorage',
    'utmost_arrived',
    'With `crossDomain`: fingerprints of the tokens that were used here, and their times.',
    'until the next one that comes over two minutes later; at most 50',
  ],
];

/** Throws where the code has a name that no row tells, or a row one that the code does not have. */
function checkNames(): void {
  const text = sourceText();
  const told = [...CORE, ...FULL].map(([, name]) => name.replace(/^utmost_?|_?…$/g, ''));
  const used = [...text.matchAll(/['"`](?:utmost_|\$\{prefix\})([a-z_]+?)_?(?:['"`]|\$\{)/g)];
  const untold = used.map(([, name]) => `${name}`).filter(name => !told.includes(name));
  const unused = told.filter(name => !new RegExp(`['"\`_}]${name}[_'"\`]`).test(text));
  const wrong = [
    ...untold.map(name => `no row tells ${PREFIX}${name}`),
    ...unused.map(name => `src/ has no ${PREFIX}${name}`),
  ];
  if (wrong.length) throw new Error(`docs/tables/storage.ts: ${wrong.join('; ')}.`);
}

function tableOf(rows: readonly Row[]): string {
  checkNames();
  return table(
    ['where', 'name', 'what', 'how long'],
    rows.map(([where, name, ...rest]) => [where, `\`${name}\``, ...rest]),
  );
}

/** What `utmost` writes to the device. */
export const storageTable = (): string => tableOf(CORE);
/** What `utmost/full` writes besides. */
export const fullStorageTable = (): string => tableOf(FULL);
