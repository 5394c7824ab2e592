import { type Session, saveSession } from './session.ts';
import { follow } from './tracking.ts';

/** A page of the app: a template of index.html, and the code that makes it work. */
export interface View {
  template: string;
  title: string;
  /** True if the page needs a login. */
  secured: boolean;
  prepare?: (root: HTMLElement, session: Session) => void;
}

/** The pages by address. */
export const VIEWS: Record<string, View> = {
  '/app/': { template: 'login', title: 'Log in', secured: false },
  '/app/home': { template: 'home', title: 'This week', secured: true },
  '/app/projects': { template: 'projects', title: 'Projects', secured: true },
  '/app/settings': { template: 'settings', title: 'Settings', secured: true, prepare: prepareSettings },
};

/** Puts a view on the page. What the user typed goes in as text, never as markup. */
export function showView(view: View, session: Session | undefined): void {
  const root = document.getElementById('view');
  const template = document.getElementById(view.template);
  if (!root || !(template instanceof HTMLTemplateElement)) return;
  root.replaceChildren(template.content.cloneNode(true));
  document.title = `${view.title} · Kittiwake`;
  if (!session) return;
  const texts = new Map(Object.entries(session));
  for (const element of root.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = texts.get(element.dataset.text ?? '') ?? '';
  }
  view.prepare?.(root, session);
}

function prepareSettings(root: HTMLElement, session: Session): void {
  const form = root.querySelector('form');
  const plan = root.querySelector('select');
  if (!form || !plan) return;
  plan.value = session.plan;
  form.addEventListener('submit', event => {
    event.preventDefault();
    session.plan = plan.value;
    saveSession(session);
    follow(session);
  });
}
