import { sendWithFetch } from '../delivery/send-with-fetch.ts';
import { takeOver } from '../take-over.ts';
import { createFull } from './instances.ts';

const { global, ...dataset }: DOMStringMap = { ...document.currentScript?.dataset };
const { moesif } = window as { moesif?: { q?: unknown } };
takeOver(createFull(sendWithFetch), global || (moesif?.q ? 'moesif' : 'utmost'), dataset);
