import { ask } from './ask.js';
import { askToDelete, askToDeleteCompany } from './deletion.js';
import { toItem } from './entry.js';
import { CAMPAIGN_ORDER, copyOf, fields, nameOf, showRaw, showTime } from './format.js';
import { countMissing, toPath } from './path.js';

/** The view of one person: what is known, and how it came to be known. */
export class Profile {
  title = 'Profile';
  #json = '';
  #items = new Map();
  #profile;
  // What is shown of the timeline, and the cursor after which there is more.
  #history = { timeline: [], next: null };

  constructor(kind, applicationId, id) {
    this.element = copyOf('profile');
    this.name = kind === 'user' ? 'user_id' : 'anonymous_id';
    this.id = id;
    this.applicationId = applicationId;
    this.#part('delete').addEventListener('click', () =>
      askToDelete(this.#profile, this.#query(), sentence => this.leaveFor('#/', sentence)),
    );
    this.#part('delete-company').addEventListener('click', () => {
      const { application_id, company_id } = this.#profile;
      // Its people stay: they are what is shown then.
      const people = `#/?${new URLSearchParams({ company_id })}`;
      askToDeleteCompany(application_id, company_id, sentence => this.leaveFor(people, sentence));
    });
    this.#part('older').addEventListener('click', () => this.#showOlder());
  }

  async refresh() {
    const query = this.#query();
    const [profile, history] = await Promise.all([ask(`/profile?${query}`), ask(`/timeline?${query}`)]);
    const json = JSON.stringify([profile, history]);
    if (json === this.#json) return;
    this.#json = json;
    this.#part('known').hidden = !profile;
    this.#part('unknown').hidden = Boolean(profile);
    if (!profile || !history) return;
    this.#profile = profile;
    this.title = nameOf(profile);
    this.#part('name').textContent = this.title;
    this.#part('kind').textContent = profile.user_id === null ? 'Anonymous' : 'Logged in';
    this.element.classList.toggle('is-user', profile.user_id !== null);
    this.#part('campaign').replaceChildren(
      ...fields({ channel: profile.channel, ...profile.campaign }, CAMPAIGN_ORDER),
    );
    this.#part('metadata').replaceChildren(...fields(profile.metadata));
    this.#part('identity').replaceChildren(...fields(identityOf(profile), Object.keys(identityOf(profile))));
    showTime(this.#part('first'), profile.created_time);
    showTime(this.#part('last'), profile.modified_time);
    this.#showPath(profile);
    this.#history = this.#withOlder(history);
    this.#showTimeline();
    showRaw(this.#part('raw'), profile);
    this.#part('delete-company').hidden = profile.company_id === null;
    this.#part('export').href = `/export?${query}`;
  }

  #showPath(profile) {
    const steps = toPath(profile);
    const missing = countMissing(profile);
    this.#part('came').hidden = steps.length === 0;
    this.#part('path').replaceChildren(...steps);
    this.#part('missing').textContent =
      missing > 0 ? `${missing} more between the first and the latest are not shown.` : '';
  }

  #query() {
    return new URLSearchParams({ application_id: this.applicationId, [this.name]: this.id });
  }

  /** Adds a page to the end of the timeline. */
  async #showOlder() {
    const button = this.#part('older');
    // Not `disabled`, which would take the focus away.
    if (button.ariaBusy === 'true') return;
    button.ariaBusy = 'true';
    const query = this.#query();
    query.set('after', this.#history.next);
    this.#part('older-problem').textContent = '';
    try {
      const { timeline, next } = await ask(`/timeline?${query}`);
      this.#history = { timeline: [...this.#history.timeline, ...timeline], next };
      this.#showTimeline();
    } catch (error) {
      this.#part('older-problem').textContent = `${error.message} Press the button once more to try again.`;
    } finally {
      button.ariaBusy = null;
    }
  }

  /** Returns the newest page with what was shown below it, unless so much has come since that there would be a gap. */
  #withOlder({ timeline, next }) {
    const newest = new Set(timeline.map(entry => JSON.stringify(entry)));
    const shown = this.#history.timeline;
    const older = shown.filter(entry => !newest.has(JSON.stringify(entry)));
    if (older.length === shown.length || older.length === 0) return { timeline, next };
    return { timeline: [...timeline, ...older], next: this.#history.next };
  }

  /** Shows the entries. One that is there already stays the same element, so that what is open in it stays open. */
  #showTimeline() {
    const { timeline, next } = this.#history;
    this.#part('older').hidden = next === null;
    this.#part('shown').textContent = extentOf(timeline.length, next !== null);
    const focused = document.activeElement;
    const shown = this.#items;
    this.#items = new Map(timeline.map(entry => [JSON.stringify(entry), entry]));
    for (const [key, entry] of this.#items) this.#items.set(key, shown.get(key) ?? toItem(entry));
    const list = this.#part('timeline');
    list.replaceChildren(...this.#items.values());
    // Moving an element takes the focus away.
    if (list.contains(focused)) focused.focus({ preventScroll: true });
  }

  #part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }
}

function identityOf(profile) {
  const { user_id, company_id, anonymous_ids, session_tokens, ip_address, user_agent_string } = profile;
  const all = {
    application_id: profile.application_id,
    user_id,
    company_id,
    anonymous_ids: anonymous_ids.join(', '),
    // Whoever looks over a shoulder must not be able to use one.
    session_tokens: session_tokens.map(token => `${token.slice(0, 6)}…`).join(', '),
    ip_address,
    user_agent_string,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

/** Says how much of the timeline is shown. */
function extentOf(count, hasMore) {
  if (count === 0) return 'Nothing is kept of what this person did.';
  if (hasMore) return `The newest ${count} are shown, and there are older ones.`;
  return count === 1 ? 'One entry, all there is.' : `${count} entries, all there are.`;
}
