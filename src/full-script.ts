import { installGlobal } from './client/install-global.ts';
import { sendWithFetch } from './delivery/send-with-fetch.ts';
import { createFull } from './features/instances.ts';
import { FULL_DEFAULTS } from './features/options.ts';
import { DEFAULTS } from './options/options.ts';

const tags = [document.currentScript, document.querySelector<HTMLElement>('script[data-global]')];
const named = tags.find(tag => tag?.dataset.global);
const { moesif } = window as { moesif?: { q?: unknown } };
installGlobal(
  createFull(sendWithFetch),
  named?.dataset.global ?? (Array.isArray(moesif?.q) ? 'moesif' : 'utmost'),
  Object.keys({ ...DEFAULTS, ...FULL_DEFAULTS, crossDomain: '' }),
);
