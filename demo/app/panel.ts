import { getAnonymousId, getCampaign, type Receipt } from 'utmost';
import type { StoredVisitor } from 'utmost/server';

/** The meaning of each status, for somebody who looks at the panel. */
const MEANINGS = {
  delivered: 'The server has it.',
  queued: 'Safe in this browser, and sent again until the server has it.',
  unchanged: 'The server has exactly this already.',
};

/** Shows a receipt; undefined while it is awaited, null when there is none. */
export function showReceipt(receipt?: Receipt | null): void {
  if (!receipt) {
    write('receipt', receipt === null ? 'none yet' : 'waiting …');
    write('receipt-meaning', '');
    return;
  }
  const { status, reason, httpStatus } = receipt;
  const details = [reason, httpStatus && `HTTP ${httpStatus}`].filter(Boolean).join(', ');
  write('receipt', details ? `${status} (${details})` : status);
  // Why an update is neither sent nor kept is said in the receipt itself.
  write('receipt-meaning', status === 'dropped' ? receipt.message : MEANINGS[status]);
}

/** Shows what utmost remembers of this visitor. */
export function showKnowledge(): void {
  write('anonymous-id', getAnonymousId() ?? 'none');
  const fields = Object.entries(getCampaign() ?? {}).map(([name, value]) => {
    const item = document.createElement('li');
    const label = document.createElement('span');
    label.textContent = name;
    item.append(label, ` ${value}`);
    return item;
  });
  const list = document.createElement('ul');
  list.append(...fields);
  document.getElementById('campaign')?.replaceChildren(fields.length > 0 ? list : 'none');
}

/** Shows what the site's server reads of this visitor, out of the cookies of its request. */
export async function showServer(): Promise<void> {
  const response = await fetch('/app/visitor');
  const { first } = (await response.json()) as StoredVisitor;
  const { utm_source, referring_domain, gclid } = first?.campaign ?? {};
  write('server-first', utm_source ?? gclid ?? referring_domain ?? 'none');
}

function write(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}
