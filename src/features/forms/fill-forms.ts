import { setTimer } from '../../browser/page.ts';
import { type ClientSource, type FieldNames, readKnown, toValueName } from './values.ts';

type Field = HTMLInputElement | HTMLTextAreaElement;

/** Time within which a refusal empties what was filled, in milliseconds. */
const CHECKED_EVERY = 1000;

/** Sets a value so that React, which watches the element's own property, and Vue hear of it. */
function write(field: Field, value: string): void {
  Reflect.set(Object.getPrototypeOf(field), 'value', value, field);
  for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
}

/** Makes what fills fields, and remembers which it has filled and which the visitor has typed in. */
function createFiller(source: ClientSource, names: FieldNames, signal: AbortSignal) {
  const filled = new Map<Field, string>();
  const typed = new WeakSet<EventTarget>();
  let isFilling = false;
  let isWatched = false;
  const fill = (fields: Iterable<Field>) => {
    const values = readKnown(source)?.values;
    // The page answers our events, some by events of its own.
    isFilling = true;
    for (const field of fields) {
      const { type, value, name, dataset } = field;
      const isHidden = type === 'hidden';
      const isOurs = filled.get(field) === value;
      if (typed.has(field) || !(isHidden || (dataset.utmost && (isOurs || !value)))) continue;
      const next = values?.[dataset.utmost || toValueName(name, names)] ?? '';
      if (next ? next !== value : isOurs) write(field, next);
      if (next) filled.set(field, field.value);
      else filled.delete(field);
    }
    isFilling = false;
    if (!isWatched) watch();
  };
  /** Empties the fields after a refusal, in this tab or another. No form need be touched again. */
  const watch = () => {
    isWatched = filled.size > 0 && !signal.aborted;
    if (isWatched)
      setTimer(() => {
        for (const field of filled.keys()) if (!field.isConnected) filled.delete(field);
        if (!readKnown(source)) fill(filled.keys());
        watch();
      }, CHECKED_EVERY);
  };
  return { fill, filled, typed, isFilling: () => isFilling };
}

/**
 * Fills the fields of all forms that are named or marked (`data-utmost="utm_source"`) after what is known of the
 * visitor: when a form is touched, and again when it is submitted. Forms may come later, and be in open shadow roots.
 *
 * Only hidden fields and marked ones are filled. What a visitor typed stays. Nothing is filled before consent, and a
 * refusal empties within a second what was filled.
 *
 * @param client `utmost`, or what `init` returns; or a function that returns it, and undefined before it is there.
 * @param names How your fields are named, besides by the names of the values.
 * @returns A function that stops it. On a server nothing is done.
 */
export function fillForms(client: ClientSource, names: FieldNames = {}): () => void {
  const end = new AbortController();
  const { signal } = end;
  const { fill, filled, typed, isFilling } = createFiller(client, names, signal);
  // By capture, before the form's own code reads the fields.
  const listen = (target: EventTarget, ...types: string[]) => {
    for (const type of types) target.addEventListener(type, onEvent, { capture: true, signal });
  };
  const onEvent = (event: Event) => {
    if (isFilling()) return;
    const path = event.composedPath();
    const target = path[0] as Element & { form?: unknown };
    if (event.type === 'input' && event.isTrusted) typed.add(target);
    // These two events stay within a shadow root.
    for (const node of path) if (node instanceof ShadowRoot) listen(node, 'submit', 'formdata');
    // A field named `form` hides a form's own property.
    const form = [target.form, ...path].find(each => each instanceof HTMLFormElement) ?? null;
    // Some embeds have fields without a form.
    if (!form && target.form === undefined) return;
    const root = (form ?? target).getRootNode() as ParentNode;
    // The field that the visitor is on is theirs. If they leave it empty, the submit fills it.
    const fields = [...root.querySelectorAll<Field>('input,textarea')].filter(
      field => field.form === form && field !== target,
    );
    fill(fields);
    // form.submit() has no submit event, and the fields have been read.
    const { formData } = event as Partial<FormDataEvent>;
    for (const { name, value } of fields.filter(field => filled.has(field)))
      if (formData?.getAll(name).length === 1) formData.set(name, value);
  };
  if (globalThis.window) listen(window, 'focusin', 'pointerdown', 'input', 'submit', 'formdata');
  return () => end.abort();
}
