import type { SavePart } from './save-statement.ts';

/** Characters of JSON in one statement: writing more at once to the database would hold up this process. */
const MAX_CHUNK = 2 * 1024 * 1024;

/** Records of one part, as JSON. */
export interface Chunk {
  name: SavePart;
  json: string;
  count: number;
}

/** Writes records as JSON in chunks, with a pause after each record. */
export function* toChunks(name: SavePart, records: Iterable<unknown>): Generator<void, Chunk[], void> {
  const chunks: Chunk[] = [];
  let texts: string[] = [];
  let size = 0;
  const end = () => {
    if (texts.length > 0) chunks.push({ name, json: `[${texts.join()}]`, count: texts.length });
    texts = [];
    size = 0;
  };
  for (const record of records) {
    const text = JSON.stringify(record);
    if (size + text.length > MAX_CHUNK) end();
    texts.push(text);
    size += text.length;
    yield;
  }
  end();
  return chunks;
}
