/** What an element may hold. */
export type Content = (Node | string)[];

/** Makes an element. Texts become text nodes, never markup. */
export function element(
  tag: string,
  attributes: Record<string, string> = {},
  ...content: Content
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...content);
  return made;
}

/** Makes a button. */
export const button = (
  text: string,
  onClick: () => void,
  attributes: Record<string, string> = {},
): HTMLElement => {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', onClick);
  return made;
};
