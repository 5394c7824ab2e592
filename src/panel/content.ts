import type { Result } from './checks/checks.ts';
import { type Content, element } from './elements.ts';
import type { Section } from './report.ts';
import { countOf } from './words.ts';

const WORDS = { ok: 'OK', look: 'Look', fault: 'Fault' } as const;
const ORDER = ['fault', 'look', 'ok'] as const;

/** Sums up: the verdict over all, and how often each was found. */
export function summarize(results: readonly Result[]): [verdict: Result['verdict'], sentence: string] {
  const count = (verdict: Result['verdict']) => results.filter(each => each.verdict === verdict).length;
  const [faults, looks] = [count('fault'), count('look')];
  const parts = [faults && countOf(faults, 'fault'), looks && `${looks} to look at`].filter(Boolean);
  if (!parts.length) return ['ok', `All ${results.length} checks are in order`];
  return [faults ? 'fault' : 'look', `${parts.join(', ')}, ${count('ok')} in order`];
}

/** Shows what the checks have found, the faults first. */
const checkList = (results: readonly Result[]): HTMLElement =>
  element(
    'ul',
    // Safari takes a list without bullets for none.
    { role: 'list' },
    ...ORDER.flatMap(verdict => results.filter(each => each.verdict === verdict)).map(
      ({ title, verdict, sentence }) =>
        element(
          'li',
          { 'data-verdict': verdict },
          element('i', {}, WORDS[verdict]),
          element('b', {}, title),
          element('span', {}, sentence),
        ),
    ),
  );

const sectionOf = (title: string, ...content: Content): HTMLElement =>
  element('section', {}, element('h3', {}, title), ...content);

const rowsOf = ({ title, rows, empty }: Section): HTMLElement =>
  sectionOf(
    title,
    rows.length
      ? element(
          'dl',
          {},
          ...rows.flatMap(({ label, value }) => [element('dt', {}, label), element('dd', {}, value)]),
        )
      : element('p', { class: 'empty' }, empty),
  );

/** Shows checks and sections. */
export const contentOf = (results: readonly Result[], sections: readonly Section[]): HTMLElement[] => [
  sectionOf('Checks', checkList(results)),
  ...sections.map(rowsOf),
];
