import { takeOver } from '../take-over.ts';
import { full } from './api.ts';

const { global, ...dataset }: DOMStringMap = { ...document.currentScript?.dataset };
const { moesif } = window as { moesif?: { q?: unknown } };
takeOver(full, global || (moesif?.q ? 'moesif' : 'utmost'), dataset);
