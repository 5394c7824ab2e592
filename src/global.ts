import type api from 'utmost';
import type { ScriptTag, ScriptTagExtras } from './client/script-tag.ts';

type Utmost = ScriptTag<typeof api> & ScriptTagExtras;

declare global {
  /** utmost, from the script tag or its loader snippet. Where neither may have run yet, use `window.utmost?.…`. */
  var utmost: Utmost;
}
