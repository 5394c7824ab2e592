import { Campaigns } from './campaigns.js';
import { tick } from './format.js';
import { People } from './people.js';
import { Profile } from './profile.js';

const connection = document.getElementById('connection');
const main = document.querySelector('main');
const applicationId = new URLSearchParams(location.search).get('application_id');
let view;

/** Runs `work` now or, while it is running, once more afterwards: a burst of events costs two requests, not fifty. */
function coalesce(work) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work().catch(error => console.error(error));
    }
    running = false;
  };
}

const refresh = coalesce(async () => {
  await view.refresh();
  document.title = `${view.title} – utmost collector`;
});

/**
 * Returns the view of the address: `#/`, `#/campaigns`, `#/user/<application>/<id>`,
 * `#/visitor/<application>/<id>`.
 */
function viewOf(hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...ids] = path.split('/').map(decodeURIComponent);
  if (name === 'campaigns') return new Campaigns(applicationId);
  if ((name === 'user' || name === 'visitor') && ids.length === 2) return new Profile(name, ...ids);
  return new People(new URLSearchParams(query), applicationId);
}

function show() {
  const isFirst = view === undefined;
  view?.leave?.();
  view = viewOf(location.hash);
  document.getElementById('view').replaceChildren(view.element);
  for (const link of document.querySelectorAll('nav a')) {
    const isCurrent = link.hash === (view instanceof Campaigns ? '#/campaigns' : '#/');
    if (isCurrent) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  // A screen reader hears of the new page, as it would of a loaded one.
  if (!isFirst) main.focus();
  refresh();
}

// Its address would be a view's.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
addEventListener('hashchange', show);
show();

const events = new EventSource('/profiles/events');
// Also after an interruption: what happened meanwhile is in the answer.
events.addEventListener('open', () => {
  setConnection('live', 'Live');
  refresh();
});
events.addEventListener('profile', refresh);
events.addEventListener('error', () => setConnection('waiting', 'Reconnecting …'));

function setConnection(state, text) {
  connection.dataset.state = state;
  connection.textContent = text;
}

setInterval(tick, 20_000);
