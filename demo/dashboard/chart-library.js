/**
 * Loads the library of charts: only who looks at a chart does. Returns it with a function that reads a colour of the
 * page, and how charts may move.
 */
export async function loadChart() {
  await import('/dashboard/chart.js').catch(() => {
    throw new Error('The charts could not be loaded. Try again, or load the page anew.');
  });
  const { Chart } = globalThis;
  const style = getComputedStyle(document.documentElement);
  const color = name => style.getPropertyValue(name).trim();
  Chart.defaults.font.family = color('--sans');
  Chart.defaults.font.size = 13;
  Chart.defaults.color = color('--muted');
  const animation = matchMedia('(prefers-reduced-motion: reduce)').matches ? false : { duration: 300 };
  return { Chart, color, animation };
}
