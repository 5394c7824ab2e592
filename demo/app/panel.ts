import { getAnonymousId, getCampaign, type identifyUser } from 'utmost';

type Receipt = Awaited<ReturnType<typeof identifyUser>>;

/** Shows a receipt; undefined while it is awaited, null when there is none. */
export function showReceipt(receipt?: Receipt | null): void {
  if (receipt === null) write('receipt', 'none yet');
  else if (receipt === undefined) write('receipt', 'waiting …');
  else {
    const details = [receipt.httpStatus && `HTTP ${receipt.httpStatus}`, receipt.reason]
      .filter(Boolean)
      .join(', ');
    write('receipt', details ? `${receipt.status} (${details})` : receipt.status);
  }
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

function write(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
}
