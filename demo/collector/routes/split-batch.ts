import { HttpError, ItemError, throwBadRequest } from '../http-error.ts';
import { MAX_ITEM_SIZE, MAX_ITEMS } from '../limits.ts';

/**
 * Splits a JSON array into its items, each as text, so that one is parsed at a time. An error can then name
 * its index, and 50 MB of nothing but brackets never become 50 million objects. What an item is made of is
 * not read.
 */
export function splitBatch(text: string): string[] {
  const start = skipSpace(text, 0);
  if (text[start] !== '[') throwBadRequest(`The body must be an array of 1 to ${MAX_ITEMS} items.`);
  const items: string[] = [];
  let at = skipSpace(text, start + 1);
  if (text[at] === ']') throwBadRequest(`The batch is empty: it must have 1 to ${MAX_ITEMS} items.`);
  for (;;) {
    const end = findEnd(text, at);
    if (end === -1) throwBadRequest('The body is not valid JSON.');
    if (items.length === MAX_ITEMS) throwBadRequest(`The batch must have at most ${MAX_ITEMS} items.`);
    items.push(text.slice(at, end));
    at = skipSpace(text, end + 1);
    if (text[end] === ']') break;
  }
  if (at < text.length) throwBadRequest('The body is not valid JSON.');
  for (const [index, item] of items.entries()) {
    if (Buffer.byteLength(item) <= MAX_ITEM_SIZE) continue;
    throw new ItemError(new HttpError(413, 'Each item must be at most 1 MB.'), index);
  }
  return items;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++;
  return at;
}

/**
 * Finds the end of the item that begins here: the place of its comma or of the array's closing bracket, or
 * -1.
 */
function findEnd(text: string, from: number): number {
  const marks = /["[\]{},]/g;
  marks.lastIndex = from;
  let depth = 0;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    const mark = match[0];
    if (mark === '"') {
      const close = closeString(text, match.index + 1);
      if (close === -1) return -1;
      marks.lastIndex = close + 1;
    } else if (depth === 0 && (mark === ',' || mark === ']')) return match.index;
    else if (mark === '[' || mark === '{') depth++;
    else if (mark !== ',') depth--;
    if (depth < 0) return -1;
  }
  return -1;
}

function closeString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return quote;
  }
  return -1;
}
