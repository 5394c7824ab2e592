import { loadChart } from './chart-library.js';

/** A chart of visitors and sign-ups over time. */
export class Lines {
  #chart;
  #points = [];
  #by = 'day';

  constructor(canvas) {
    this.canvas = canvas;
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => this.show(this.#points, this.#by);
    this.scheme.addEventListener('change', this.redraw);
  }

  leave() {
    this.scheme.removeEventListener('change', this.redraw);
    this.#chart?.destroy();
  }

  /** Draws the points, oldest first, without gaps between them. `by` is `day` or `month`. */
  async show(points, by) {
    this.#points = points;
    this.#by = by;
    const { Chart, color, animation } = await loadChart();
    this.canvas.setAttribute('aria-label', describe(points, by));
    this.#chart?.destroy();
    const axis = { border: { display: false }, grid: { color: color('--line') } };
    const line = (label, name, paint, more) => ({
      label,
      data: points.map(point => point[name]),
      borderColor: color(paint),
      backgroundColor: color(paint),
      borderWidth: 2,
      // A single point has no line to be seen by.
      pointRadius: points.length > 40 ? 0 : 3,
      pointHitRadius: 12,
      tension: 0.25,
      cubicInterpolationMode: 'monotone',
      ...more,
    });
    this.#chart = new Chart(this.canvas, {
      type: 'line',
      data: {
        labels: points.map(({ start }) => shortened(start, by)),
        datasets: [
          line('Visitors', 'visitors', '--sea'),
          // Told apart without colours, too.
          line('Sign-ups', 'signups', '--good', { borderDash: [6, 3], pointStyle: 'rectRot' }),
        ],
      },
      options: {
        maintainAspectRatio: false,
        animation,
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: { ...axis, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 18 } },
          y: { ...axis, beginAtZero: true, ticks: { precision: 0, maxTicksLimit: 6 } },
        },
        plugins: {
          legend: { align: 'start', labels: { usePointStyle: true, boxHeight: 8 } },
          tooltip: { callbacks: { title: ([{ dataIndex }]) => points[dataIndex].start } },
        },
      },
    });
  }
}

/** Describes the chart for those who can't see it; the table of numbers has all of it. */
function describe(points, by) {
  const sum = name => points.reduce((all, point) => all + point[name], 0);
  return `Line chart by ${by}: ${sum('visitors')} visitors and ${sum('signups')} sign-ups in ${points.length} ${by}s.`;
}

const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' });
const shortened = (start, by) => (by === 'day' ? day : month).format(new Date(start));
