import { ask } from './ask.js';
import { copyOf, nameOf } from './format.js';

/** Asks whether to delete a person, and does it. Calls `onDeleted` with a sentence that tells what was deleted. */
export function askToDelete(profile, query, onDeleted) {
  const dialog = copyOf('deletion');
  const part = name => dialog.querySelector(`[data-part="${name}"]`);
  const name = nameOf(profile);
  part('who').textContent = name;
  part('keep').addEventListener('click', () => dialog.close());
  part('delete').addEventListener('click', async () => {
    part('delete').disabled = true;
    try {
      const answer = await ask(`/v1/users?${query}`, { method: 'DELETE' });
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
  ].map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  return `Deleted ${name}: ${counts.slice(0, -1).join(', ')} and ${counts.at(-1)}.`;
}
