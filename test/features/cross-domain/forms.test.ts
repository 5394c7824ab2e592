// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLinker } from '../../../src/features/cross-domain/linker.ts';
import { readToken } from '../../../src/features/cross-domain/token.ts';

const NOW = 1_790_000_000_000;
let stop = new AbortController();
let visitor: string | undefined;

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    'https://www.example.com/',
  );
  stop = new AbortController();
  visitor = 'visitor-1';
  createLinker(
    { domains: ['shop.test'], parameter: '_utmost' },
    { anonymousId: () => visitor, now: () => NOW, signal: stop.signal },
  );
});
afterEach(() => stop.abort());

/** What the browser puts into the address when the form is sent, by name. */
const submitted = (html: string, isAgain = false) => {
  if (!isAgain) document.body.innerHTML = html;
  const form = document.querySelector('form') as HTMLFormElement;
  const submitter = document.querySelector('button');
  form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter }));
  return entries(form);
};
/** The entry list, as the browser makes it: with a `formdata` event to end it. */
const entries = (form: HTMLFormElement) => {
  const formData = new FormData(form);
  form.dispatchEvent(Object.assign(new Event('formdata'), { formData }));
  return [...formData].map(([name, value]) => [
    name,
    name === '_utmost' ? readToken(`${value}`, 'shop.test', NOW)?.anonymousId : value,
  ]);
};
const FIELD = '<input name="q" value="shoes">';
const CARRIED = [
  ['q', 'shoes'],
  ['_utmost', 'visitor-1'],
];

it.each([
  `<form action="https://www.shop.test/search">${FIELD}</form>`,
  `<form action="https://shop.test/" method="GET">${FIELD}</form>`,
  `<form action="https://shop.test/" method="nonsense">${FIELD}</form>`,
  `<form action="/here" method="post">${FIELD}<button formaction="//shop.test" formmethod="get"></button></form>`,
  `<form action="https://shop.test/">${FIELD}<input name="_utmost" value="old"></form>`,
])('a form that is sent to a domain by GET carries the visitor: %s', html =>
  expect(submitted(html)).toEqual(CARRIED),
);

it.each([
  `<form action="https://shop.test/" method="post">${FIELD}</form>`,
  `<form action="https://shop.test/" method="dialog">${FIELD}</form>`,
  `<form action="https://shop.test/">${FIELD}<button formmethod="post"></button></form>`,
  `<form action="https://shop.test/">${FIELD}<button formaction="/here"></button></form>`,
  `<form action="http://shop.test/">${FIELD}</form>`,
  `<form>${FIELD}</form>`,
])('any other form is left alone: %s', html => expect(submitted(html)).toEqual([['q', 'shoes']]));

it('a field named action does not hide where the form leads', () => {
  const html = `<form action="https://shop.test/"><input name="action" value="x"></form>`;
  expect(submitted(html)).toEqual([
    ['action', 'x'],
    ['_utmost', 'visitor-1'],
  ]);
});

it('sent twice, a form carries the visitor once each time', async () => {
  const html = `<form action="https://shop.test/">${FIELD}</form>`;
  submitted(html);
  await new Promise(resolve => setTimeout(resolve));
  expect(submitted(html, true)).toEqual(CARRIED);
  expect(submitted(html, true)).toEqual(CARRIED);
});

it('what a script reads of the form later has no token, nor has the form', async () => {
  const html = `<form action="https://shop.test/">${FIELD}</form>`;
  submitted(html);
  await new Promise(resolve => setTimeout(resolve));
  expect(entries(document.querySelector('form') as HTMLFormElement)).toEqual([['q', 'shoes']]);
  expect(document.body.innerHTML).toBe(html);
});

it('nothing is carried while nobody may be told, or after the abort', () => {
  const html = `<form action="https://shop.test/">${FIELD}</form>`;
  visitor = undefined;
  expect(submitted(html)).toEqual([['q', 'shoes']]);
  visitor = 'visitor-1';
  stop.abort();
  expect(submitted(html)).toEqual([['q', 'shoes']]);
});
