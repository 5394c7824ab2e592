import { loadChart } from './chart-library.js';
import { label } from './text.js';

/** The number of names that have a bar of their own. */
const MAX_BARS = 12;

/** A chart of how many visitors came by each of some names, and how many of them are identified. */
export class Bars {
  #chart;
  #sums = [];

  /** `what` says in a word what the names are of. */
  constructor(canvas, what) {
    this.canvas = canvas;
    this.what = what;
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => this.show(this.#sums);
    this.scheme.addEventListener('change', this.redraw);
  }

  leave() {
    this.scheme.removeEventListener('change', this.redraw);
    this.#chart?.destroy();
  }

  /** Draws the sums, each a name with its numbers, the largest first. */
  async show(sums) {
    this.#sums = sums;
    const { Chart, color, animation } = await loadChart();
    const shown = sums.slice(0, MAX_BARS);
    // A long name must leave room for the bars.
    const length = this.canvas.parentElement.clientWidth < 560 ? 14 : 28;
    this.canvas.parentElement.style.blockSize = `${shown.length * 2.4 + 5}rem`;
    this.canvas.setAttribute('aria-label', this.#describe(shown));
    this.#chart?.destroy();
    const axis = { stacked: true, border: { display: false }, grid: { color: color('--line') } };
    const bars = (label, data, paint) => ({ label, data, backgroundColor: color(paint), borderRadius: 3 });
    this.#chart = new Chart(this.canvas, {
      type: 'bar',
      data: {
        labels: shown.map(({ name }) => label(name, length)),
        datasets: [
          bars(
            'Identified',
            shown.map(({ identified }) => identified),
            '--good',
          ),
          bars(
            'Not identified',
            shown.map(({ visitors, identified }) => visitors - identified),
            '--sand',
          ),
        ],
      },
      options: {
        indexAxis: 'y',
        maintainAspectRatio: false,
        animation,
        maxBarThickness: 24,
        scales: {
          x: { ...axis, ticks: { precision: 0 }, title: { display: true, text: 'Visitors' } },
          y: { ...axis, grid: { display: false }, ticks: { color: color('--ink'), crossAlign: 'far' } },
        },
        plugins: {
          legend: { align: 'start', labels: { boxWidth: 14, boxHeight: 14 } },
          tooltip: { callbacks: { title: ([{ dataIndex }]) => label(shown[dataIndex].name) } },
        },
      },
    });
  }

  /** Describes the chart for those who can't see it; the table below has all of it. */
  #describe(sums) {
    const parts = sums.map(
      ({ name, visitors, identified }) => `${label(name)}: ${visitors} visitors, ${identified} identified`,
    );
    return `Bar chart of visitors by ${this.what}. ${parts.join('; ')}.`;
  }
}
