import { Card, nameOf } from './card.js';

const PAGE = 100;
// What the collector answers at most in one page.
const MAX = 1000;

const list = document.getElementById('profiles');
const more = document.getElementById('more');
const connection = document.getElementById('connection');
const cards = new Map();
let limit = PAGE;
let isFirst = true;

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
  const query = new URLSearchParams({ limit });
  const applicationId = new URLSearchParams(location.search).get('application_id');
  if (applicationId) query.set('application_id', applicationId);
  const response = await fetch(`/profiles?${query}`);
  if (!response.ok) throw new Error(`The collector answered ${response.status}.`);
  const { profiles } = await response.json();
  show(profiles);
});

function show(profiles) {
  const focused = document.activeElement;
  const shown = new Set();
  const changed = [];
  profiles.forEach((profile, index) => {
    const key = unused(
      shown,
      profile.user_id === null ? `a:${profile.anonymous_ids[0]}` : `u:${profile.user_id}`,
    );
    shown.add(key);
    if (!cards.has(key)) cards.set(key, new Card());
    const card = cards.get(key);
    if (card.update(profile)) changed.push(card);
    if (list.children[index] !== card.element) list.insertBefore(card.element, list.children[index] ?? null);
  });
  for (const [key, card] of cards) {
    if (shown.has(key)) continue;
    card.element.remove();
    cards.delete(key);
  }
  // Moving an element takes the focus from it.
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  summarise(profiles, changed);
}

/** Two applications may each have a user 42: the second one gets a key of its own. */
function unused(taken, key) {
  return taken.has(key) ? unused(taken, `${key}+`) : key;
}

function summarise(profiles, changed) {
  const users = profiles.filter(profile => profile.user_id !== null).length;
  const isFull = profiles.length === limit;
  document.getElementById('counts').textContent =
    `${users} logged in · ${profiles.length - users} anonymous${isFull ? ` · the last ${limit}` : ''}`;
  document.getElementById('empty').hidden = profiles.length > 0;
  more.hidden = !isFull || limit >= MAX;

  // What was there when the page was opened is no news.
  if (!isFirst && changed.length > 0) {
    for (const card of changed) card.flash();
    const [card] = changed;
    const source = card.profile.campaign.utm_source ?? card.profile.campaign.referring_domain;
    document.getElementById('news').textContent =
      changed.length > 1
        ? `${changed.length} profiles updated`
        : `${nameOf(card.profile)}${source ? ` from ${source}` : ''}, updated`;
  }
  isFirst = false;
}

more.addEventListener('click', () => {
  limit = Math.min(limit + PAGE, MAX);
  isFirst = true;
  refresh();
});

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

setInterval(() => {
  for (const card of cards.values()) card.tick();
}, 20_000);
