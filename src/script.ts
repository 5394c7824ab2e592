import utmost from './index.ts';
import { takeOver } from './take-over.ts';

takeOver(utmost, 'utmost', document.currentScript?.dataset);
