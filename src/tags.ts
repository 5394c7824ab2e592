import { DEFAULTS, type Options, optionsFromDataset } from './options.ts';

/** Tags of the page that may be the script's, whatever has become of their type and address. */
const findTags = () => [
  ...document.querySelectorAll('script[src*=utmost]'),
  // Another product's may be among these.
  ...document.querySelectorAll('script:is([data-application-id],[data-relay])'),
];

/**
 * The script's element, and the options of the first tag that says who sends. Others than the script's own count, if they may
 * (`isOpen`): an optimiser runs the code from an element of its own, and a module is run from none.
 * `more`: names of options that the core has not.
 */
export function readTags(
  isOpen: boolean,
  more: readonly string[],
): [Element | null | undefined, Options | undefined] {
  const names = [...Object.keys(DEFAULTS), ...more];
  const tags = [document.currentScript, ...(isOpen ? findTags() : [])];
  const read = (tag: Element | null) =>
    optionsFromDataset(
      { ...(tag as HTMLElement)?.dataset },
      [...(tag?.attributes ?? [])].flatMap(({ value }) => [
        ...new URLSearchParams(/\?[^#]*/.exec(value)?.[0]),
      ]),
      names,
    );
  return [tags[0] ?? tags[1], tags.map(read).find(({ applicationId, relay }) => applicationId || relay)];
}
