import { ask, copyOf, element } from './format.js';

/** The number of sources that have a bar of their own. */
const MAX_BARS = 12;

/** The view of where people came from, and how many of them are identified. */
export class Campaigns {
  title = 'Campaigns';
  #json = '';
  #chart;

  constructor(applicationId) {
    this.element = copyOf('campaigns');
    this.applicationId = applicationId;
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => this.#draw(this.sources ?? []);
    this.scheme.addEventListener('change', this.redraw);
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
    this.sources = bySource(campaigns);
    await this.#draw(this.sources);
  }

  leave() {
    this.scheme.removeEventListener('change', this.redraw);
    this.#chart?.destroy();
  }

  async #draw(sources) {
    // Only who looks at the chart loads it.
    await import('/dashboard/chart.js');
    const { Chart } = globalThis;
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(name).trim();
    const shown = sources.slice(0, MAX_BARS);
    const canvas = this.element.querySelector('canvas');
    canvas.parentElement.style.blockSize = `${shown.length * 2.4 + 5}rem`;
    canvas.setAttribute('aria-label', describe(shown));
    this.#chart?.destroy();
    Chart.defaults.font.family = color('--sans');
    Chart.defaults.font.size = 13;
    Chart.defaults.color = color('--muted');
    const axis = { stacked: true, border: { display: false }, grid: { color: color('--line') } };
    this.#chart = new Chart(canvas, {
      type: 'bar',
      data: {
        labels: shown.map(({ source }) => source),
        datasets: [
          {
            label: 'Identified',
            data: shown.map(({ identified }) => identified),
            backgroundColor: color('--good'),
            borderRadius: 3,
          },
          {
            label: 'Not identified',
            data: shown.map(({ visitors, identified }) => visitors - identified),
            backgroundColor: color('--sand'),
            borderRadius: 3,
          },
        ],
      },
      options: {
        indexAxis: 'y',
        maintainAspectRatio: false,
        animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? false : { duration: 300 },
        maxBarThickness: 24,
        scales: {
          x: { ...axis, ticks: { precision: 0 }, title: { display: true, text: 'Visitors' } },
          y: { ...axis, grid: { display: false }, ticks: { color: color('--ink'), crossAlign: 'far' } },
        },
        plugins: { legend: { align: 'start', labels: { boxWidth: 14, boxHeight: 14 } } },
      },
    });
  }
}

function bySource(campaigns) {
  const sources = new Map();
  for (const { source, visitors, identified } of campaigns) {
    const name = source ?? '(direct)';
    const before = sources.get(name) ?? { source: name, visitors: 0, identified: 0 };
    sources.set(name, {
      source: name,
      visitors: before.visitors + visitors,
      identified: before.identified + identified,
    });
  }
  return [...sources.values()].sort((a, b) => b.visitors - a.visitors);
}

/** Describes the chart for those who can't see it; the table below has all of it. */
function describe(sources) {
  const parts = sources.map(
    ({ source, visitors, identified }) => `${source}: ${visitors} visitors, ${identified} identified`,
  );
  return `Bar chart of visitors by source. ${parts.join('; ')}.`;
}

function toRow({ source, medium, campaign, visitors, identified }) {
  const first = element('th');
  first.scope = 'row';
  const field = medium === 'referral' ? 'referring_domain' : 'utm_source';
  if (source === null) first.append('(direct)');
  else {
    const link = element('a', '', source);
    link.href = `#/?${new URLSearchParams({ [field]: source })}`;
    first.append(link);
  }
  const share = visitors === 0 ? 0 : Math.round((identified / visitors) * 100);
  const cells = [medium ?? '–', campaign ?? '–'].map(text => element('td', 'detail', text));
  const numbers = [visitors, identified].map(value => element('td', 'number', String(value)));
  first.append(element('span', 'brief', [medium, campaign].filter(Boolean).join(' · ')));
  return element('tr', '', first, ...cells, ...numbers, element('td', 'number detail', `${share} %`));
}
