import type full from 'utmost/full';
import type { ScriptTag } from './client/script-tag.ts';

type Full = ScriptTag<typeof full>;

declare global {
  /** utmost, from the script tag `utmost.full.min.js`. Where it may not have run yet, ask for `window.utmost?.…`. */
  var utmost: Full;
  /** The same, where a stub of moesif-browser-js or `data-global="moesif"` says so. */
  var moesif: Full;
}
