import { CHANNEL_RULES } from '../../src/channel/rules.ts';
import { code, table } from './markdown.ts';

/** The channels in the order of their rules, each with its condition. */
export function channelsTable(): string {
  const rows = CHANNEL_RULES.map(({ channel, condition }) => [channel, code(condition)]);
  return table(['channel', 'condition'], [...rows, ['Unassigned', 'no other row applies']]);
}
