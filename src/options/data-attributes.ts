import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { type Options, optionNames } from './options.ts';

type Tag = Partial<Pick<HTMLElement, 'dataset' | 'attributes' | 'outerHTML'>>;

const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();

/**
 * Reads options from a script tag: from the query of its address, and from its attributes, which win. A value is
 * text, or JSON where an option is no text. Examples: `application_id=…`, `data-session-timeout="45"`, `data-debug`,
 * `data-exclude-referrers='["sso.example.com"]'`.
 *
 * Hyphens, underscores and case make no difference to one of the `names`. An attribute that is none of them is kept,
 * for it may be misspelt. A parameter that is none of them is somebody else's.
 */
export function readDataAttributes(tag: Tag | null | undefined, names = optionNames()): Options {
  const options: Record<string, unknown> = {};
  const dataset = { ...tag?.dataset };
  // An optimiser may have moved the address to another attribute.
  const query = [...(tag?.attributes ?? [])].flatMap(({ value }) => [
    ...new URLSearchParams(/\?[^#]*/.exec(value)?.[0]),
  ]);
  for (const [given, text] of [...query, ...Object.entries(dataset)]) {
    const name = names.find(each => plain(each) === plain(given)) ?? (given in dataset && given);
    if (name)
      // Most texts are no JSON, and to find that out by an exception costs a cold page a millisecond.
      options[name] =
        name !== 'applicationId' && /^\s*([\d["tf]|$)/.test(`${text}`)
          ? (tryOrUndefined(() => JSON.parse(text || 'true')) ?? text)
          : text;
  }
  return options;
}

/**
 * Finds the script's own element, and tags of the page that may be the script's, whatever their type and address are
 * now. An optimiser runs the code from an element of its own. A module is run from none.
 */
export const findTags = (): (Tag | null)[] => [
  document.currentScript as Tag | null,
  ...document.querySelectorAll<HTMLElement>('script[src*=utmost]'),
  // Another product's tags may be among these.
  ...document.querySelectorAll<HTMLElement>('script:is([data-application-id],[data-relay])'),
];
