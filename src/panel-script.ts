import { openPanel } from './panel/open-panel.ts';
import { readGlobals } from './panel/page-facts.ts';

// From now on the script's own way to load this file is not needed.
for (const api of readGlobals()) api.panel = openPanel;
openPanel();

export { openPanel };
