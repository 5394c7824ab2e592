import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

/** What a page does by itself once it is there. */
export interface PageRedirect {
  /** Where a meta refresh leads, as it is written. */
  refresh?: string;
  /** Whether a script of the page seems to lead on. It is not run, so that nobody knows where. */
  hasScript: boolean;
}

/** A refresh later than this is a page that renews itself, in seconds. */
const MAX_DELAY = 10;

/** The most text that a page has which is there to lead on. */
const MAX_TEXT = 300;

/** A script that sets the address: `location = …`, `location.href = …`, `location.replace(…)`. */
const SETS_LOCATION = /\blocation\s*(\.\s*href\s*)?=(?!=)|\blocation\s*\.\s*(replace|assign)\s*\(/;

/**
 * Reads the address of a refresh (`0; url=/next`), by the steps of the HTML standard. Returns undefined where it names
 * none or waits for over 10 seconds.
 */
export function readRefresh(content: string): string | undefined {
  const [, seconds = '', rest = ''] = content.match(/^\s*(\d*)[\d.]*(?:\s*[;,]\s*|\s+)(.*)$/s) ?? [];
  if (!/^\s*[\d.]/.test(content) || Number(seconds) > MAX_DELAY) return undefined;
  const text = rest.replace(/^url\s*=\s*/i, '');
  const [, , quoted] = text.match(/^(["'])(.*?)(?:\1|$)/s) ?? [];
  return (quoted ?? text).trim() || undefined;
}

/** Reads what a page does by itself. It is parsed as a browser does that runs scripts: noscript counts for nothing. */
export function readPageRedirect(html: string): PageRedirect {
  let refresh: string | undefined;
  let scripts = '';
  let text = '';
  const visit = (node: Node): void => {
    if (node.nodeName === '#text') text += (node as DefaultTreeAdapterTypes.TextNode).value;
    if (!('childNodes' in node)) return;
    const attributes = 'attrs' in node ? node.attrs : [];
    const attribute = (name: string) => attributes.find(each => each.name === name)?.value;
    if (node.nodeName === 'meta' && attribute('http-equiv')?.toLowerCase() === 'refresh')
      refresh ??= readRefresh(attribute('content') ?? '');
    if (node.nodeName === 'script') scripts += `\n${node.childNodes.map(textOf).join('')}`;
    else if (!/^(style|title|noscript|template)$/.test(node.nodeName)) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  const isBare = text.replace(/\s+/g, ' ').length <= MAX_TEXT;
  return { ...(refresh && { refresh }), hasScript: isBare && SETS_LOCATION.test(scripts) };
}

const textOf = (node: Node) => ('value' in node ? `${node.value}` : '');
