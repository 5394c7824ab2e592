import { SignInError } from './ask.js';
import { Campaigns } from './campaigns.js';
import { tick } from './format.js';
import { followEvents } from './live.js';
import { People } from './people.js';
import { Profile } from './profile.js';
import { SignIn, signOut } from './sign-in.js';

/** Milliseconds between two requests that events lead to, at least. */
const PAUSE = 1000;

const byId = id => document.getElementById(id);
const main = document.querySelector('main');
const applicationId = new URLSearchParams(location.search).get('application_id');
let view;
let listAddress = '#/';
let endEvents = () => {};
let stream = ['waiting', 'Connecting …'];

/** Runs `work` now or, while it is running, once more afterwards: a burst of events costs two requests, not fifty. */
function coalesce(work) {
  let running;
  let again = false;
  const run = async () => {
    while (again) {
      again = false;
      await work();
    }
    running = undefined;
  };
  return () => {
    again = true;
    running ??= run();
    return running;
  };
}

/** Brings a view up to date, or says why it can't be. What an earlier view still waits for is no concern of this one. */
async function load(own) {
  const slow = setTimeout(() => setState({ isLoading: own === view && !own.isLoaded }), 300);
  try {
    await own.refresh();
    own.isLoaded = true;
    if (own !== view) return;
    setState({});
    document.title = `${own.title} – utmost collector`;
  } catch (error) {
    if (own !== view) return;
    if (error instanceof SignInError) {
      endEvents();
      open(new SignIn());
    } else setState({ problem: error.message });
  } finally {
    clearTimeout(slow);
  }
}

function setState({ isLoading = false, problem = '' }) {
  byId('loading').hidden = !isLoading;
  byId('problem').hidden = problem === '';
  byId('problem-text').textContent = problem;
  showConnection();
}

/** Says whether the page follows along: it does not while it can't be read, whatever the stream does. */
function showConnection() {
  const [state, text] = byId('problem').hidden ? stream : ['lost', 'Not up to date'];
  byId('connection').dataset.state = state;
  byId('connection').textContent = text;
}

/**
 * Returns the view of the address: `#/`, `#/campaigns`, `#/user/<application>/<id>`,
 * `#/visitor/<application>/<id>`.
 */
function viewOf(hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [name, ...ids] = path.split('/').map(decode);
  if (name === 'campaigns') return new Campaigns(new URLSearchParams(query), applicationId);
  if ((name === 'user' || name === 'visitor') && ids.length === 2 && ids[1] !== '')
    return new Profile(name, ...ids);
  return new People(new URLSearchParams(query), applicationId);
}

/** Decodes a part of the address. One that a program has cut off stays as it is: there is nobody with such an id. */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function open(next) {
  view?.leave?.();
  // Who comes back from a person finds the list as it was.
  if (view instanceof People) listAddress = view.address;
  next.element.querySelector('.back a')?.setAttribute('href', listAddress);
  view = next;
  view.renew = coalesce(() => load(next));
  view.leaveFor = (hash, sentence) => {
    addEventListener('hashchange', () => tell(sentence), { once: true });
    location.hash = hash;
  };
  setState({});
  tell('');
  byId('view').replaceChildren(view.element);
  for (const link of document.querySelectorAll('.state nav a')) {
    const isCurrent = link.hash === (view instanceof Campaigns ? '#/campaigns' : '#/');
    if (isCurrent) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  for (const part of document.querySelectorAll('.state, .foot')) part.hidden = view instanceof SignIn;
  view.renew();
}

function tell(sentence) {
  byId('notice').textContent = sentence;
  byId('notice').hidden = sentence === '';
}

// Its address would be a view's.
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault();
  main.focus();
});
byId('again').addEventListener('click', () => view.renew());
byId('sign-out').addEventListener('click', () => {
  signOut().catch(error => setState({ problem: error.message }));
});
addEventListener('hashchange', () => {
  if (view instanceof SignIn) return;
  open(viewOf(location.hash));
  // A screen reader hears of the new page, as it would of a loaded one.
  main.focus();
});

let lastTime = 0;
let isWaiting = false;
function renewSoon() {
  if (isWaiting) return;
  isWaiting = true;
  const work = () => {
    isWaiting = false;
    lastTime = Date.now();
    view.renew();
  };
  setTimeout(work, Math.max(0, lastTime + PAUSE - Date.now()));
}

open(viewOf(location.hash));
endEvents = followEvents(renewSoon, (state, text) => {
  stream = [state, text];
  showConnection();
});
setInterval(tick, 20_000);
