import { send } from './ask.js';

const DAY = 86_400_000;
/** The lines of a file before its first conversion. */
const HEADER_LINES = 2;

/** Makes the form download conversions for an ad platform, at first of the last 30 days. */
export function setUpConversions(form, applicationId) {
  const today = new Date();
  form.elements.to.valueAsDate = today;
  form.elements.from.valueAsDate = new Date(today.getTime() - 29 * DAY);
  form.addEventListener('submit', event => {
    event.preventDefault();
    const status = form.querySelector('[role=status]');
    download(form, applicationId).then(
      text => {
        status.textContent = text;
      },
      error => {
        status.textContent = error.message;
      },
    );
  });
}

async function download(form, applicationId) {
  const query = new URLSearchParams(new FormData(form));
  if (applicationId) query.set('application_id', applicationId);
  const response = await send(`/conversions?${query}`);
  if (!response.ok) throw new Error((await response.json()).error);
  const file = await response.blob();
  const count = (await file.text()).trimEnd().split('\r\n').length - HEADER_LINES;
  if (count === 0) return 'No such action in these days follows a click on an ad of this platform.';
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = /filename="(.*)"/.exec(response.headers.get('Content-Disposition'))[1];
  link.click();
  // The download has begun by then; without this the file stays in memory.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  return `${count} ${count === 1 ? 'conversion' : 'conversions'} in ${link.download}`;
}
