import { ask } from './ask.js';
import { copyOf, nameOf } from './format.js';
import { label } from './text.js';

/** Asks whether to delete a person, and does it. Calls `onDeleted` with a sentence that tells what was deleted. */
export const askToDelete = (profile, query, onDeleted) =>
  question(nameOf(profile), `/v1/users?${query}`, onDeleted);

/** Asks whether to delete a company, as `askToDelete` does. */
export function askToDeleteCompany(applicationId, companyId, onDeleted) {
  const query = new URLSearchParams({ application_id: applicationId, company_id: companyId });
  const dialog = question(label(companyId), `/v1/companies?${query}`, onDeleted);
  dialog.querySelector('[data-part="text"]').textContent =
    'What is stored of the company itself is deleted for good: its profile and updates. Its people stay, and their profiles still name it.';
}

function question(name, path, onDeleted) {
  const dialog = copyOf('deletion');
  const part = name => dialog.querySelector(`[data-part="${name}"]`);
  part('who').textContent = name;
  part('keep').addEventListener('click', () => dialog.close());
  part('delete').addEventListener('click', async () => {
    part('delete').disabled = true;
    try {
      const answer = await ask(path, { method: 'DELETE' });
      dialog.close();
      onDeleted(sentenceOf(name, answer));
    } catch (error) {
      part('problem').textContent = error.message;
      part('delete').disabled = false;
    }
  });
  // Closed by whatever: the browser gives the focus back to the button.
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function sentenceOf(name, answer) {
  if (!answer) return `Nothing was stored any more of ${name}.`;
  if (answer.queued) return `${name} will be deleted, after the updates that wait in the queue.`;
  const { profiles, updates, actions, calls } = answer.deleted;
  const counts = [
    [profiles, 'profile'],
    [updates, 'update'],
    [actions, 'action'],
    [calls, 'API call'],
  ]
    // An answer about a company has no actions and calls.
    .filter(([count]) => count !== undefined)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  return `Deleted ${name}: ${counts.slice(0, -1).join(', ')} and ${counts.at(-1)}.`;
}
