import { ask } from './ask.js';
import { Bars } from './bars.js';
import { loadChart } from './chart-library.js';
import { setUpConversions } from './conversions.js';
import { copyOf, element } from './format.js';
import { toFunnel } from './funnel.js';
import { Lines } from './lines.js';
import { Period, unitOf, withoutGaps } from './period.js';
import { label } from './text.js';

/** The view of who came when and from where, and how many of them log in. */
export class Campaigns {
  title = 'Campaigns';
  #json = '';

  constructor(query, applicationId) {
    this.element = copyOf('campaigns');
    this.applicationId = applicationId;
    setUpConversions(this.element.querySelector('.export form'), applicationId);
    this.period = new Period(this.element.querySelector('.period'), query, address => {
      const text = String(new URLSearchParams(address));
      history.replaceState(null, '', text ? `#/campaigns?${text}` : '#/campaigns');
      this.renew();
    });
    this.#byId('all-days').addEventListener('click', () => this.period.showAll());
    // Beside the numbers, and not after them. What fails is told where a chart is drawn.
    loadChart().catch(() => {});
    this.trend = new Lines(this.#byId('trend'));
    this.channels = new Bars(this.#byId('by-channel'), 'channel');
    this.sources = new Bars(this.#byId('by-source'), 'source');
  }

  async refresh() {
    const range = this.period.range();
    const by = unitOf(range);
    const query = new URLSearchParams(range);
    if (this.applicationId) query.set('application_id', this.applicationId);
    const [{ campaigns }, { trend }] = await Promise.all([
      ask(`/campaigns?${query}`),
      ask(`/trend?${query}&by=${by}`),
    ]);
    this.#byId('campaigns-csv').href = `/campaigns.csv?${query}`;
    const json = JSON.stringify([campaigns, trend, range]);
    if (json === this.#json) return;
    const isEmpty = campaigns.length === 0 && trend.length === 0;
    this.#byId('no-campaigns').hidden = !isEmpty;
    this.#byId('all-days').hidden = range.from === undefined && range.to === undefined;
    this.#byId('some-campaigns').hidden = isEmpty;
    const sources = sumBy(campaigns, sourceOf);
    this.#byId('funnel').replaceChildren(...toFunnel(sources, range));
    this.#byId('rows').replaceChildren(...campaigns.map(toRow));
    const points = withoutGaps(trend, by, range);
    this.#byId('numbers').replaceChildren(...points.toReversed().map(toNumbers));
    await this.trend.show(points, by);
    await this.channels.show(sumBy(campaigns, ({ channel }) => ({ name: channel })));
    await this.sources.show(sources);
    this.#json = json;
  }

  leave() {
    for (const chart of [this.trend, this.channels, this.sources]) chart.leave();
  }

  #byId(id) {
    return this.element.querySelector(`#${id}`);
  }
}

/** Returns the name of a campaign's source, and what the list finds its people by. */
function sourceOf({ source, medium }) {
  if (source === null) return { name: '(direct)' };
  return { name: source, filter: { [medium === 'referral' ? 'referring_domain' : 'utm_source']: source } };
}

/** Sums the campaigns by a name and its filter, the largest first. */
function sumBy(campaigns, keyOf) {
  const sums = new Map();
  for (const campaign of campaigns) {
    const key = keyOf(campaign);
    const { visitors, identified } = sums.get(JSON.stringify(key)) ?? { visitors: 0, identified: 0 };
    sums.set(JSON.stringify(key), {
      ...key,
      visitors: visitors + campaign.visitors,
      identified: identified + campaign.identified,
    });
  }
  return [...sums.values()].sort((a, b) => b.visitors - a.visitors);
}

function toNumbers({ start, visitors, signups }) {
  const day = element('th', '', start);
  day.scope = 'row';
  return element('tr', '', day, ...[visitors, signups].map(value => element('td', 'number', String(value))));
}

function toRow({ channel, source, medium, campaign, visitors, identified }) {
  const first = element('th');
  first.scope = 'row';
  const { name, filter } = sourceOf({ source, medium });
  if (!filter) first.append(name);
  else {
    const link = element('a', '', label(name));
    link.href = `#/?${new URLSearchParams(filter)}`;
    first.append(link);
  }
  const share = visitors === 0 ? 0 : Math.round((identified / visitors) * 100);
  const filtered = element('a', '', label(channel));
  filtered.href = `#/?${new URLSearchParams({ channel })}`;
  const cells = [
    filtered,
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
