import { tryOrUndefined } from '../shared/try-or-undefined.ts';
import { DEFAULTS, type Options } from './options.ts';

type Tag = Partial<Pick<HTMLElement, 'dataset' | 'attributes' | 'outerHTML'>>;

const plain = (name: string) => name.replace(/[-_]/g, '').toLowerCase();

/**
 * Options as a script tag says them, in the query of its address or by its attributes, which win: text, or JSON where an
 * option is no text: `application_id=…`, `data-session-timeout="45"`, `data-debug`,
 * `data-exclude-referrers='["sso.example.com"]'`. Hyphens, underscores and case make no difference to one of the `names`.
 * An attribute that is none of them is kept, for it may be misspelt; a parameter of that kind is somebody else's.
 */
export function readDataAttributes(tag: Tag | null | undefined, names = Object.keys(DEFAULTS)): Options {
  const options: Record<string, unknown> = {};
  const dataset = { ...tag?.dataset };
  // Whichever attribute an optimiser has moved the address to.
  const query = [...(tag?.attributes ?? [])].flatMap(({ value }) => [
    ...new URLSearchParams(/\?[^#]*/.exec(value)?.[0]),
  ]);
  for (const [given, text] of [...query, ...Object.entries(dataset)]) {
    const name = names.find(each => plain(each) === plain(given)) ?? (given in dataset && given);
    if (name)
      options[name] =
        name === 'applicationId' ? text : (tryOrUndefined(() => JSON.parse(text || 'true')) ?? text);
  }
  return options;
}

/**
 * The script's own element, and tags of the page that may be the script's, whatever has become of their type and address: an
 * optimiser runs the code from an element of its own, and a module is run from none.
 */
export const findTags = (): (Tag | null)[] => [
  document.currentScript as Tag | null,
  ...document.querySelectorAll<HTMLElement>('script[src*=utmost]'),
  // Another product's may be among these.
  ...document.querySelectorAll<HTMLElement>('script:is([data-application-id],[data-relay])'),
];
