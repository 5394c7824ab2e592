import { CAMPAIGN_ORDER, copyOf, fields, flash, linkTo, nameOf, showRaw, showTime } from './format.js';
import { cut } from './text.js';

/** The card of one profile. It is updated in place, so that an open detail stays open and the focus where it is. */
export class Card {
  constructor() {
    this.element = copyOf('card');
    this.json = '';
  }

  /** Shows the profile. Returns false if it is shown already. */
  update(profile) {
    const json = JSON.stringify(profile);
    if (json === this.json) return false;
    this.json = json;
    this.profile = profile;
    const isUser = profile.user_id !== null;
    this.element.classList.toggle('is-user', isUser);
    this.#part('name').textContent = nameOf(profile);
    this.#part('name').href = linkTo(profile);
    this.#part('kind').textContent = isUser ? 'Logged in' : 'Anonymous';
    this.#part('id').textContent = cut(isUser ? profile.user_id : profile.anonymous_ids[0], 100);
    this.#part('campaign').replaceChildren(
      ...fields({ channel: profile.channel, ...profile.campaign }, CAMPAIGN_ORDER),
    );
    this.#part('metadata').replaceChildren(...fields(profile.metadata));
    showRaw(this.#part('raw'), profile);
    showTime(this.#part('first'), profile.created_time);
    showTime(this.#part('last'), profile.modified_time);
    return true;
  }

  flash() {
    flash(this.element);
  }

  #part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }
}
