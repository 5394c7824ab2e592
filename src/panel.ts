export { openPanel, type PanelOptions } from './panel/open-panel.ts';
