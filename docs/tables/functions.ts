import { code, sentencesOf, table } from './markdown.ts';
import { type Documented, functionsOf, namesOf, valuesOf, wordsOf } from './source.ts';

/** What a site of `utmost` calls: in its page, and in its tests. */
const own = () => [...functionsOf('utmost'), ...functionsOf('utmost/simulate')];

const HEAD = ['function', 'what it does'];
const rowOf = ({ name, kind, text }: Documented) => [code(name + kind), text];

/** All functions of `utmost`, with the whole of their comments. */
export const functionsTable = (): string => table(HEAD, own().map(rowOf));

/** The same, each in one sentence. */
export const shortFunctionsTable = (): string =>
  table(
    HEAD,
    own().map(each => rowOf({ ...each, text: sentencesOf(each.text)[0] ?? '' })),
  );

/** The functions of `utmost/full` that `utmost` does not have, but for those that do nothing here. */
export function fullFunctionsTable(): string {
  const others = [...functionsOf('utmost').map(({ name }) => name), ...namesOf('RetiredMethods')];
  return table(
    HEAD,
    functionsOf('utmost/full')
      .filter(({ name }) => !others.includes(name))
      .map(rowOf),
  );
}

/** The reasons of a receipt, with their comments. */
export function reasonsTable(name: string): string {
  // A reason that says itself what it means has no comment.
  const meaning = ({ name, text }: Documented) =>
    text || `${name.replaceAll('-', ' ').replace(/^./, c => c.toUpperCase())}.`;
  return table(
    ['reason', 'meaning'],
    wordsOf(name).map(reason => [code(reason.name), meaning(reason)]),
  );
}

/** The rules by which a visit becomes a touch. `test/field/readme.test.ts` holds this to what they do. */
const NEW_TOUCH = ['campaign', 'referral'];

/** The decision table. */
export function rulesTable(): string {
  const rows = [...valuesOf('RULES')].map(([rule, { value }]) => [
    code(rule),
    value,
    NEW_TOUCH.includes(rule) ? 'new touch' : 'kept',
  ]);
  return table(['rule', 'when', 'outcome'], rows);
}
