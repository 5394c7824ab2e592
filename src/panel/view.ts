import type { Result } from './checks/checks.ts';
import { contentOf, summarize } from './content.ts';
import { button, element } from './elements.ts';
import type { Facts } from './facts.ts';
import type { Section } from './report.ts';
import { STYLE } from './style.ts';

/** What the visitor's hand does to the panel. */
export interface Actions {
  close(): void;
  checkAgain(): void;
  copy(): void;
}

/** The panel on the page. */
export interface View {
  show(facts: Facts, results: readonly Result[], sections: readonly Section[]): void;
  /** Tells what has happened, also to a screen reader. */
  tell(message: string): void;
  /** Shows a text to be copied by hand. */
  offer(text: string): void;
  focus(): void;
  remove(): void;
}

/** Gives a root its style. A page's policy has no say in a constructed sheet, and none in what it holds. */
function adoptStyle(root: ShadowRoot): void {
  // Firefox before 101 and Safari before 16.4 have none.
  if (!root.adoptedStyleSheets) {
    root.appendChild(document.createElement('style')).textContent = STYLE;
    return;
  }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
}

/** Puts the panel onto the page, in a closed shadow root. */
export function createView(actions: Actions): View {
  const host = element('div', { 'data-utmost-panel': '' });
  const root = host.attachShadow({ mode: 'closed' });
  adoptStyle(root);
  const version = element('span', { class: 'version' });
  const summary = element('p', { class: 'summary' }, 'Checking…');
  const status = element('span', { class: 'status', role: 'status' });
  const body = element('div', { class: 'body', tabindex: '0', role: 'region', 'aria-label': 'Report' });
  const closeButton = button('×', actions.close, { class: 'close', 'aria-label': 'Close' });
  const buttons = [button('Copy for support', actions.copy), button('Check again', actions.checkAgain)];
  const dialog = element(
    'div',
    { role: 'dialog', 'aria-labelledby': 'title', tabindex: '-1', popover: 'manual' },
    element(
      'header',
      {},
      element('div', { class: 'top' }, element('h2', { id: 'title' }, 'utmost'), version, closeButton),
      summary,
      element('div', { class: 'actions' }, ...buttons, status),
    ),
    body,
  );
  dialog.addEventListener('keydown', event => {
    // The page's own keys are not meant here.
    event.stopPropagation();
    if (event.key === 'Escape') actions.close();
  });
  root.append(dialog);
  document.documentElement.append(host);
  // Into the top layer, where no page's z-index comes.
  if ('showPopover' in dialog) dialog.showPopover();
  return {
    show(facts, results, sections) {
      const [verdict, sentence] = summarize(results);
      version.textContent = `${facts.scriptVersion ?? facts.version} on ${facts.host}`;
      summary.dataset.verdict = verdict;
      summary.textContent = sentence;
      const { scrollTop } = body;
      body.replaceChildren(...contentOf(results, sections));
      body.scrollTop = scrollTop;
    },
    tell(message) {
      status.textContent = message;
    },
    offer(text) {
      dialog.querySelector('textarea')?.remove();
      const area = element('textarea', { readonly: '', 'aria-label': 'Text for support' });
      (area as HTMLTextAreaElement).value = text;
      dialog.querySelector('header')?.append(area);
      (area as HTMLTextAreaElement).select();
    },
    focus: () => dialog.focus(),
    remove: () => host.remove(),
  };
}
