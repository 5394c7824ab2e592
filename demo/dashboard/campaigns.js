import { ask } from './ask.js';
import { Bars } from './bars.js';
import { setUpConversions } from './conversions.js';
import { copyOf, element } from './format.js';
import { label } from './text.js';

/** The view of where people came from, and how many of them are identified. */
export class Campaigns {
  title = 'Campaigns';
  #json = '';

  constructor(applicationId) {
    this.element = copyOf('campaigns');
    this.applicationId = applicationId;
    setUpConversions(this.element.querySelector('form'), applicationId);
    this.channels = new Bars(this.element.querySelector('#by-channel'), 'channel');
    this.sources = new Bars(this.element.querySelector('#by-source'), 'source');
  }

  async refresh() {
    const query = new URLSearchParams(this.applicationId ? { application_id: this.applicationId } : {});
    const { campaigns } = await ask(`/campaigns?${query}`);
    const json = JSON.stringify(campaigns);
    if (json === this.#json) return;
    this.#json = json;
    this.element.querySelector('#no-campaigns').hidden = campaigns.length > 0;
    this.element.querySelector('#some-campaigns').hidden = campaigns.length === 0;
    this.element.querySelector('tbody').replaceChildren(...campaigns.map(toRow));
    await this.channels.show(sumBy(campaigns, ({ channel }) => channel));
    await this.sources.show(sumBy(campaigns, ({ source }) => source ?? '(direct)'));
  }

  leave() {
    this.channels.leave();
    this.sources.leave();
  }
}

/** Sums the campaigns by a name, the largest first. */
function sumBy(campaigns, nameOf) {
  const sums = new Map();
  for (const campaign of campaigns) {
    const name = nameOf(campaign);
    const { visitors, identified } = sums.get(name) ?? { visitors: 0, identified: 0 };
    sums.set(name, {
      name,
      visitors: visitors + campaign.visitors,
      identified: identified + campaign.identified,
    });
  }
  return [...sums.values()].sort((a, b) => b.visitors - a.visitors);
}

function toRow({ channel, source, medium, campaign, visitors, identified }) {
  const first = element('th');
  first.scope = 'row';
  const field = medium === 'referral' ? 'referring_domain' : 'utm_source';
  if (source === null) first.append('(direct)');
  else {
    const link = element('a', '', label(source));
    link.href = `#/?${new URLSearchParams({ [field]: source })}`;
    first.append(link);
  }
  const share = visitors === 0 ? 0 : Math.round((identified / visitors) * 100);
  const filter = element('a', '', label(channel));
  filter.href = `#/?${new URLSearchParams({ channel })}`;
  const cells = [
    filter,
    medium === null ? '–' : label(medium),
    campaign === null ? '–' : label(campaign),
  ].map(cell => element('td', 'detail', cell));
  const numbers = [visitors, identified].map(value => element('td', 'number', String(value)));
  first.append(
    element(
      'span',
      'brief',
      [channel, medium, campaign]
        .filter(name => name !== null)
        .map(name => label(name))
        .join(' · '),
    ),
  );
  return element('tr', '', first, ...cells, ...numbers, element('td', 'number detail', `${share} %`));
}
