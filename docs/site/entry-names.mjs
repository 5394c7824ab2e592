/** Package entries whose source has another name. */
const NAMES = {
  index: 'utmost',
  'campaign/simulate': 'utmost/simulate',
  'channel/channel-of': 'utmost/channel',
  'consent/google-consent-mode': 'utmost/consent-mode',
  'consent/iab-tcf': 'utmost/consent-tcf',
  'frameworks/watch': 'utmost/watch',
  'frameworks/react': 'utmost/react',
  'frameworks/vue': 'utmost/vue',
  'frameworks/svelte': 'utmost/svelte',
  'frameworks/next': 'utmost/next',
};

/** Names each module of the reference as a reader imports it. */
export function load(app) {
  app.converter.on('resolveBegin', ({ project }) => {
    for (const module of project.children ?? []) module.name = NAMES[module.name] ?? `utmost/${module.name}`;
  });
}
