// Names and values come from whoever reaches the collector: of any length, blank, or in any direction.

// Something to see: no space, control, mark alone, or filler that has a width and no ink.
const VISIBLE = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

export const isText = value => typeof value === 'string' && value !== '';

/** Checks whether a text has anything that can be seen, and so clicked at. */
export const isVisible = value => isText(value) && VISIBLE.test(value);

/** Cuts a text to so many characters. */
export function cut(text, length) {
  if (text.length <= length) return text;
  // By code points: half a surrogate pair is no character.
  return `${[...text.slice(0, length)].slice(0, -1).join('')}…`;
}

/** Returns a name for a list, a heading or a chart: cut, and never blank. */
export const label = (text, length = 80) => (isVisible(text) ? cut(text, length) : '(blank)');
