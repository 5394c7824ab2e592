import { ask } from './ask.js';
import { Bars } from './bars.js';
import { CampaignTable, sourceOf } from './campaign-table.js';
import { loadChart } from './chart-library.js';
import { setUpConversions } from './conversions.js';
import { copyOf, element } from './format.js';
import { toFunnel } from './funnel.js';
import { Lines } from './lines.js';
import { Period, unitOf, withoutGaps } from './period.js';

/** The view of who came when and from where, and how many of them log in. */
export class Campaigns {
  title = 'Campaigns';
  #json = '';

  constructor(query, applicationId) {
    this.element = copyOf('campaigns');
    this.applicationId = applicationId;
    setUpConversions(this.element.querySelector('.export form'), applicationId);
    this.period = new Period(this.element.querySelector('.period'), query, () => {
      this.#keepAddress();
      this.renew();
    });
    const section = this.element.querySelector('.campaigns');
    this.table = new CampaignTable(section, query, () => this.#keepAddress());
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
    this.table.show(campaigns);
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

  /** Has the address say what is shown. */
  #keepAddress() {
    const text = String(new URLSearchParams({ ...this.period.address(), ...this.table.address() }));
    history.replaceState(null, '', text ? `#/campaigns?${text}` : '#/campaigns');
  }

  #byId(id) {
    return this.element.querySelector(`#${id}`);
  }
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
