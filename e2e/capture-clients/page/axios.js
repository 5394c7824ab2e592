import axios from 'axios';
import { client } from './log.js';

const tellAnswer = ({ status, statusText, data, headers }) => ({
  status,
  statusText,
  data,
  headers: { ...headers },
});
/** Progress as it ends: how often it comes is the browser's choice. */
const last = (add, name) => {
  const seen = [];
  return [
    ({ loaded, total, progress }) => seen.push({ loaded, total, progress }),
    () => add(name, seen.at(-1)),
  ];
};

for (const adapter of ['xhr', 'fetch']) {
  const http = axios.create({ adapter, baseURL: '/api' });
  const caught = (add, promise) =>
    promise.then(
      answer => add('answer', tellAnswer(answer)),
      error => {
        add('rejected', error);
        if (error.response) add('answer', tellAnswer(error.response));
        add('kind', [axios.isCancel(error), axios.isAxiosError(error), error.cause?.name]);
      },
    );
  client(`axios by ${adapter}`, {
    async 'JSON, sent and received'(add) {
      const [onDownloadProgress, tell] = last(add, 'downloaded');
      await caught(add, http.post('/echo', { id: 7, name: 'Zoë' }, { onDownloadProgress, params: { a: 1 } }));
      tell();
    },
    'not found': add => caught(add, http.get('/missing')),
    aborted(add) {
      const end = new AbortController();
      setTimeout(() => end.abort(), 50);
      return caught(add, http.get('/never', { signal: end.signal }));
    },
    'a timeout': add => caught(add, http.get('/never', { timeout: 100 })),
    'a network error': add => caught(add, http.get('/reset')),
    async 'upload with progress'(add) {
      const [onUploadProgress, tell] = last(add, 'uploaded');
      const text = 'x'.repeat(200_000);
      await caught(add, http.post('/count', { text }, { onUploadProgress }));
      tell();
    },
  });
}
