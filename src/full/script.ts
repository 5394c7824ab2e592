import { sendWithFetch } from '../delivery/send-with-fetch.ts';
import { DEFAULTS } from '../options.ts';
import { takeOver } from '../take-over.ts';
import { createFull } from './instances.ts';
import { FULL_DEFAULTS } from './options.ts';

const tags = [document.currentScript, document.querySelector<HTMLElement>('script[data-global]')];
const named = tags.find(tag => tag?.dataset.global);
const { moesif } = window as { moesif?: { q?: unknown } };
takeOver(
  createFull(sendWithFetch),
  named?.dataset.global ?? (Array.isArray(moesif?.q) ? 'moesif' : 'utmost'),
  Object.keys({ ...DEFAULTS, ...FULL_DEFAULTS, crossDomain: '' }),
);
