import type full from 'utmost/full';
import type { ScriptTag, ScriptTagExtras } from './client/script-tag.ts';

type Full = ScriptTag<typeof full> & ScriptTagExtras;

declare global {
  /** utmost, from the script tag `utmost.full.min.js`. Where it may not have run yet, use `window.utmost?.…`. */
  var utmost: Full;
  /** The same client, where a stub of moesif-browser-js or `data-global="moesif"` asks for that name. */
  var moesif: Full;
}
