import { startRouter } from './router.ts';
import { clearSession, createSession, loadSession, saveSession } from './session.ts';
import { follow, startTracking } from './tracking.ts';
import { showView, VIEWS } from './views.ts';

startTracking();

// On every start, not only at login: the session may have begun before utmost was on the page. Without one this tab
// does not know who is logged in: another may.
follow(loadSession());

const navigate = startRouter(path => {
  const session = loadSession();
  const view = VIEWS[path];
  if (!view) return session ? '/app/home' : '/app/';
  if (view.secured && !session) return '/app/';
  if (!view.secured && session) return '/app/home';
  showNavigation(path, session !== undefined);
  showView(view, session);
  return undefined;
});

document.getElementById('view')?.addEventListener('submit', event => {
  if (!(event.target instanceof HTMLFormElement) || !event.target.matches('.login')) return;
  event.preventDefault();
  const field = (name: string) => String(new FormData(event.target as HTMLFormElement).get(name) ?? '');
  const session = createSession(field('name'), field('email'), field('company'));
  saveSession(session);
  follow(session);
  navigate('/app/home');
});

document.getElementById('logout')?.addEventListener('click', () => {
  clearSession();
  follow(null);
  navigate('/app/');
});

function showNavigation(path: string, isLoggedIn: boolean): void {
  const navigation = document.getElementById('navigation');
  if (!navigation) return;
  navigation.hidden = !isLoggedIn;
  for (const link of navigation.querySelectorAll('a')) {
    if (link.pathname === path) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
