import { attempt } from './attempt.ts';
import { DEFAULTS, type Options } from './options.ts';

type Tag = Partial<Pick<HTMLElement, 'dataset' | 'attributes' | 'outerHTML'>>;

const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();

/**
 * Options as a script tag says them, in the query of its address or by its attributes, which win: text, or JSON where an
 * option is no text: `application_id=…`, `data-session-timeout="45"`, `data-debug`,
 * `data-exclude-referrers='["sso.example.com"]'`. Hyphens, underscores and case make no difference to one of the `names`.
 * An attribute that is none of them is kept, for it may be misspelt; a parameter of that kind is somebody else's.
 */
export function optionsOf(tag: Tag | null | undefined, names = Object.keys(DEFAULTS)): Options {
  const options: Record<string, unknown> = {};
  const dataset = { ...tag?.dataset };
  // Whichever attribute an optimiser has moved the address to.
  const query = [...(tag?.attributes ?? [])].flatMap(({ value }) => [
    ...new URLSearchParams(/\?[^#]*/.exec(value)?.[0]),
  ]);
  for (const [given, text] of [...query, ...Object.entries(dataset)]) {
    const name = names.find(each => plain(each) === plain(given)) ?? (given in dataset && given);
    if (name)
      options[name] = name === 'applicationId' ? text : (attempt(() => JSON.parse(text || 'true')) ?? text);
  }
  return options;
}

/** Tags of the page that may be the script's, whatever has become of their type and address. */
const findTags = (): Tag[] => [
  ...document.querySelectorAll<HTMLElement>('script[src*=utmost]'),
  // Another product's may be among these.
  ...document.querySelectorAll<HTMLElement>('script:is([data-application-id],[data-relay])'),
];

/**
 * The script's element, and the options of the first tag that says who sends. Others than the script's own count, if they may
 * (`isOpen`): an optimiser runs the code from an element of its own, and a module is run from none.
 */
export function readTags(isOpen: boolean, names?: string[]): [Tag | null | undefined, Options | undefined] {
  const tags = [document.currentScript as Tag | null, ...(isOpen ? findTags() : [])];
  return [
    tags[0] ?? tags[1],
    tags.map(tag => optionsOf(tag, names)).find(({ applicationId, relay }) => applicationId || relay),
  ];
}
