import { code, sentencesOf, table } from './markdown.ts';
import { type Documented, membersOf, valuesOf } from './source.ts';

/** What may be given: words as they are, and names of types. */
function kindOf(kind: string): string {
  const kinds = kind
    .replace(/\s*\|?\s*undefined\b/g, '')
    .split(' | ')
    .map(each => each.trim());
  if (kinds.some(each => each.includes('=>'))) return 'function';
  return kinds.map(each => (/^'.*'$/.test(each) ? code(each.slice(1, -1)) : each)).join(', ');
}

/** What holds without the option: by the constant, or, where that has none, by the comment. */
function defaultOf(
  { name, text }: Documented,
  defaults: ReadonlyMap<string, { value: string; unit: string }>,
): string {
  const { value = '', unit = '' } = defaults.get(name) ?? {};
  if (value) return `${code(value)} ${unit}`.trim();
  const [sentence = ''] = sentencesOf(text).filter(each => each.startsWith('Default'));
  return sentence.replace(/^Default:? /, '').replace(/\.$/, '');
}

const withoutDefault = ({ text }: Documented) =>
  sentencesOf(text).filter(sentence => !sentence.startsWith('Default'));

/** The options of interfaces, with their kinds, defaults and comments. Each may have a constant of its defaults. */
export function optionsTable(...specs: [name: string, constant?: string][]): string {
  const rows = specs.flatMap(([name, constant]) => rowsOf(name, constant ? valuesOf(constant) : new Map()));
  return table(['option', 'kind', 'default', 'meaning'], rows);
}

/** Makes the rows of one interface. */
function rowsOf(name: string, defaults: Parameters<typeof defaultOf>[1]): string[][] {
  return membersOf(name).map(option => [
    code(option.name),
    kindOf(option.kind),
    defaultOf(option, defaults),
    withoutDefault(option).join(' '),
  ]);
}

/** Some of the options, each in one sentence. */
export function shortOptionsTable(name: string, constant: string, names: readonly string[]): string {
  const defaults = valuesOf(constant);
  const options = new Map(membersOf(name).map(option => [option.name, option]));
  const rows = names.map(each => {
    const option = options.get(each);
    if (!option) throw new Error(`${name} has no option ${each}.`);
    return [code(each), defaultOf(option, defaults), withoutDefault(option)[0] ?? ''];
  });
  return table(['option', 'default', 'meaning'], rows);
}
