import { HttpError, ItemError, throwBadRequest } from '../http-error.ts';
import {
  MAX_BATCH_KEYS,
  MAX_ITEM_KEYS,
  MAX_ITEM_SIZE,
  MAX_ITEM_VALUES,
  MAX_ITEMS,
  MAX_SCANNED_DEPTH,
} from '../limits.ts';

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Splits a body into its items while it arrives, each as bytes, so that one is parsed at a time. Throws as soon as there
 * is too much of anything: nothing was built of it then, and the rest need not be unpacked. What an item is made of is
 * not read. The body of a single item is that item.
 */
export class BodyScanner {
  readonly #isBatch: boolean;
  readonly #items: Buffer[] = [];
  #place: 'start' | 'first' | 'next' | 'item' | 'end';
  #parts: Buffer[] = [];
  #size = 0;
  #depth = 0;
  #keys = 0;
  #values = 0;
  #allKeys = 0;
  #isInText = false;
  #isEscaped = false;

  constructor(isBatch: boolean) {
    this.#isBatch = isBatch;
    this.#place = isBatch ? 'start' : 'item';
  }

  /** Takes the next bytes of the body. They must not change afterwards. */
  push(bytes: Buffer): void {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#isInText) this.#readText(byte);
      else if (this.#place === 'item') {
        if (!this.#readItem(byte)) continue;
        this.#add(bytes.subarray(from, at));
        this.#endItem(byte);
        from = at + 1;
      } else if (isSpace(byte)) from = at + 1;
      else if (this.#place === 'start' && byte === OPEN_LIST) this.#place = 'first';
      else if (this.#place === 'first' || this.#place === 'next') {
        if (this.#place === 'first' && byte === CLOSE_LIST)
          throwBadRequest(`The batch is empty: it must have 1 to ${MAX_ITEMS} items.`);
        this.#place = 'item';
        // This byte again, now as the first of an item.
        from = at--;
      } else this.#throwUnexpected();
    }
    if (this.#place === 'item') this.#add(bytes.subarray(from));
  }

  /** Returns the items of the body, which has ended. */
  end(): Buffer[] {
    if (!this.#isBatch) return [Buffer.concat(this.#parts)];
    return this.#place === 'end' ? this.#items : this.#throwUnexpected();
  }

  #readText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInText = false;
  }

  /** Counts a byte outside texts. Returns whether the item of a batch ends before it. */
  #readItem(byte: number): boolean {
    if (byte === QUOTE) this.#isInText = true;
    else if (byte === COLON) this.#count('keys');
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      this.#count('values');
      if (++this.#depth > MAX_SCANNED_DEPTH)
        this.#refuse(400, `must be nested at most ${MAX_SCANNED_DEPTH} levels deep.`);
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (this.#isBatch && this.#depth === 0) return byte === CLOSE_LIST || this.#throwUnexpected();
      this.#depth--;
    } else if (byte === COMMA) {
      if (this.#isBatch && this.#depth === 0) return true;
      this.#count('values');
    }
    return false;
  }

  #count(what: 'keys' | 'values'): void {
    if (what === 'values') {
      if (++this.#values > MAX_ITEM_VALUES) this.#refuse(400, `must hold at most ${MAX_ITEM_VALUES} values.`);
    } else {
      if (++this.#keys > MAX_ITEM_KEYS) this.#refuse(400, `must have at most ${MAX_ITEM_KEYS} keys.`);
      if (++this.#allKeys > MAX_BATCH_KEYS)
        throwBadRequest(`The batch must have at most ${MAX_BATCH_KEYS} keys.`);
    }
  }

  #add(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > MAX_ITEM_SIZE) this.#refuse(413, 'must be at most 1 MB.');
    this.#parts.push(bytes);
  }

  #endItem(byte: number): void {
    if (this.#items.length === MAX_ITEMS) throwBadRequest(`The batch must have at most ${MAX_ITEMS} items.`);
    const [first = Buffer.alloc(0)] = this.#parts;
    this.#items.push(this.#parts.length > 1 ? Buffer.concat(this.#parts) : first);
    this.#parts = [];
    this.#size = this.#keys = this.#values = 0;
    this.#place = byte === COMMA ? 'next' : 'end';
  }

  #refuse(status: 400 | 413, rest: string): never {
    if (!this.#isBatch) throw new HttpError(status, `The body ${rest}`);
    throw new ItemError(new HttpError(status, `Each item ${rest}`), this.#items.length);
  }

  #throwUnexpected(): never {
    if (this.#place === 'start') throwBadRequest(`The body must be an array of 1 to ${MAX_ITEMS} items.`);
    return throwBadRequest('The body is not valid JSON.');
  }
}
