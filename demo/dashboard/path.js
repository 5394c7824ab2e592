import { CAMPAIGN_ORDER, element, timeElement } from './format.js';
import { cut, isText, label } from './text.js';

/** The number of steps that are drawn. */
const MAX_STEPS = 50;

/**
 * Lists the touches by which a person came, oldest first: all that the site keeps (`metadata.attribution.touches`), or the
 * first and the last. The one whose campaign the profile has is marked as credited.
 */
export function toPath({ metadata, campaign }) {
  const touches = touchesOf(metadata.attribution);
  // The first counts by default, also where the same campaign has come again.
  const matching = touches.filter(touch => isCredited(touch, campaign));
  const credited = matching[0] === touches[0] ? matching[0] : matching.at(-1);
  return touches.map((touch, index) => {
    const marks = [index === 0 && 'First', touch === credited && 'Credited'].filter(Boolean);
    return element(
      'li',
      'step',
      element('strong', '', nameOf(touch)),
      ...marks.map(mark => element('span', 'badge', mark)),
      timeElement(touch.time),
      ...(isText(touch.landing_path) ? [element('span', 'id', cut(touch.landing_path, 200))] : []),
    );
  });
}

/** Returns how many touches the path leaves out: a site keeps only so many, and not all of very many are shown. */
export function countMissing({ metadata }) {
  const { count } = Object(metadata.attribution);
  const told = allTouchesOf(metadata.attribution).length;
  return Math.max(told, Number.isInteger(count) ? count : 0) - touchesOf(metadata.attribution).length;
}

function touchesOf(attribution) {
  const all = allTouchesOf(attribution);
  return all.length > MAX_STEPS ? [all[0], ...all.slice(1 - MAX_STEPS)] : all;
}

function allTouchesOf(attribution) {
  const { first, last, touches } = Object(attribution);
  const told = Array.isArray(touches) ? touches : [first, last];
  const valid = told.filter(touch => !Number.isNaN(Date.parse(Object(touch).time)));
  return [...new Map(valid.map(touch => [touch.time, touch])).values()];
}

function nameOf(touch) {
  const parts = [touch.utm_source ?? touch.referring_domain, touch.utm_medium, touch.utm_campaign];
  return (
    parts
      .filter(isText)
      .map(part => label(part))
      .join(' · ') || (isText(touch.gclid) ? 'Click on an ad' : 'Campaign')
  );
}

function isCredited(touch, campaign) {
  const names = CAMPAIGN_ORDER.filter(name => name !== 'channel');
  return (
    names.some(name => isText(campaign[name])) &&
    names.every(name => (campaign[name] ?? null) === (touch[name] ?? null))
  );
}
