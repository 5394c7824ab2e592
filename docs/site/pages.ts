import { posix } from 'node:path';
import { SOURCES, toFile } from './navigation.ts';

/** A page as the site has it, and the pictures that it shows. */
export interface Staged {
  text: string;
  /** Files of the repository, each to be copied to where `toAsset` says. */
  images: string[];
}

/** A link, or a block or span of code, in which there is none. A link's text may have code in it. */
const LINK = /^```.*?^```$|(!?)\[((?:[^\]`]|`[^`\n]*`|\](?!\())*)\]\(([^)\s]+)\)|`[^`\n]*`/gms;

/** Returns where a picture of the repository stands on the site. */
export const toAsset = (path: string): string => `assets/${posix.basename(path)}`;

/** Returns the anchor that GitHub gives a heading, so that a link holds in both places. */
export const toAnchor = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/**
 * Makes a page of the site of one of the repository. A link to a page that is on the site leads to it there, and one to
 * any other file to the repository's own site. `repository` is its address, such as `https://github.com/acme/site`.
 */
export function stage(source: string, text: string, repository: string): Staged {
  const images: string[] = [];
  const resolve = (link: string, isImage: boolean): string => {
    if (/^[a-z]+:|^#/.test(link)) return link;
    const [path = '', anchor] = link.split('#');
    const target = posix.join(posix.dirname(source), path);
    const hash = anchor ? `#${anchor}` : '';
    if (isImage) {
      images.push(target);
      return `./${toAsset(target)}`;
    }
    return SOURCES.includes(target)
      ? `./${toFile(target)}${hash}`
      : `${repository}/blob/main/${target}${hash}`;
  };
  const isOwn = source.startsWith('docs/site/');
  const linked = text.replace(LINK, (whole, mark: string, label: string, link?: string) =>
    link === undefined ? whole : `${mark}[${label}](${resolve(link, mark === '!')})`,
  );
  if (isOwn) return { text: linked, images };
  return { text: `---\nsource: ${source}\n---\n\n${withTitle(source, withoutBadges(linked))}`, images };
}

/** The row of badges is for the repository's page: it comes from other hosts. */
const withoutBadges = (text: string) => text.replace(/^\[!\[.*\n/gm, '');

const withTitle = (source: string, text: string) =>
  source === 'README.md' ? text.replace(/^# .*$/m, '# Get started') : text;
