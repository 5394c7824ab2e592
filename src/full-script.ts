import { installGlobal } from './client/install-global.ts';
import { sendWithFetch } from './delivery/send-with-fetch.ts';
import { createFull, FULL } from './features/instances.ts';
import { optionNames } from './options/options.ts';

const tags = [document.currentScript, document.querySelector<HTMLElement>('script[data-global]')];
const named = tags.find(tag => tag?.dataset.global);
const { moesif } = window as { moesif?: { q?: unknown } };
installGlobal(
  createFull(sendWithFetch),
  named?.dataset.global ?? (Array.isArray(moesif?.q) ? 'moesif' : 'utmost'),
  optionNames(FULL),
);
