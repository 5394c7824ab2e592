// A user is written by whoever reaches the relay: everything goes in by textContent, nothing as markup.

/** Milliseconds between two requests for the list. */
const INTERVAL = 1500;
/** The values that every user has without being set, and fields that are shown elsewhere. */
const DEFAULTS = {
  gender: 'unknown',
  notifications: true,
  score: 0,
  status: 'visitor',
  unsubscribed: false,
};
const ELSEWHERE = new Set([
  'id',
  'user_id',
  'name',
  'tags',
  'lists',
  'attributes',
  'companies',
  'page_views',
  'chat_id',
  'key',
  'created_at',
  'updated_at',
]);

const list = document.getElementById('users');
const state = document.getElementById('state');
let shown = '';

function show(users) {
  state.textContent =
    users.length === 0
      ? 'Nobody yet: only a user who has logged in comes here.'
      : `${users.length} ${users.length === 1 ? 'user' : 'users'}`;
  list.replaceChildren(...users.map(cardOf));
}

function cardOf(user) {
  const card = document.getElementById('user').content.firstElementChild.cloneNode(true);
  const part = name => card.querySelector(`[data-part="${name}"]`);
  part('name').textContent = user.name || user.email || user.user_id;
  part('id').textContent = user.user_id;
  part('tags').replaceChildren(...user.tags.map(({ name }) => element('li', name)));
  part('tags').hidden = user.tags.length === 0;
  const standard = Object.entries(user).filter(
    ([name, value]) => !ELSEWHERE.has(name) && value !== null && value !== DEFAULTS[name],
  );
  const companies = user.companies.map(({ name }) => ['company', name]);
  part('standard').replaceChildren(...fields([...standard, ...companies]));
  part('custom').replaceChildren(...fields(user.attributes.map(({ name, value }) => [name, value])));
  return card;
}

function fields(pairs) {
  if (pairs.length === 0) return [element('dt', 'None')];
  return pairs.flatMap(([name, value]) => [
    element('dt', name),
    element('dd', typeof value === 'string' ? value : JSON.stringify(value)),
  ]);
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

async function refresh() {
  const response = await fetch('/user-com/users');
  if (response.status === 401) {
    state.textContent =
      'Open the dashboard by the link that the demo printed, then come back: it signs you in here, too.';
    return;
  }
  if (!response.ok) throw new Error(`The stand-in answered ${response.status}.`);
  const text = await response.text();
  // Only what has changed is drawn anew, so that a selection stays.
  if (text !== shown) show(JSON.parse(text).users);
  shown = text;
}

for (;;) {
  await refresh().catch(() => {
    state.textContent = 'The demo does not answer. Asking again …';
    shown = '';
  });
  await new Promise(resolve => setTimeout(resolve, INTERVAL));
}
