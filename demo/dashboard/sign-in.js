import { send } from './ask.js';
import { copyOf } from './format.js';

/** The view of who has not signed in. */
export class SignIn {
  title = 'Sign in';

  constructor() {
    this.element = copyOf('sign-in');
    const form = this.element.querySelector('form');
    const problem = this.element.querySelector('[role=alert]');
    const query = new URLSearchParams(location.search);
    if (query.has('refused'))
      problem.textContent =
        'The link has an old token. The collector makes a new one at each start without READ_TOKEN.';
    form.addEventListener('submit', event => {
      event.preventDefault();
      signIn(form.elements.token.value.trim()).catch(error => {
        problem.textContent = error.message;
        form.elements.token.focus();
      });
    });
  }

  async refresh() {}
}

async function signIn(token) {
  const response = await send('/dashboard/session', { method: 'POST', body: token });
  if (!response.ok) throw new Error((await response.json()).error);
  const query = new URLSearchParams(location.search);
  query.delete('refused');
  history.replaceState(null, '', `?${query}${location.hash}`);
  location.reload();
}

/** Signs out, and shows the page of who has not signed in. */
export async function signOut() {
  await send('/dashboard/session', { method: 'DELETE' });
  location.reload();
}
