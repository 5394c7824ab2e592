import { patchXhr } from '../../src/capture/patch-xhr.ts';
import type { Observer } from '../../src/capture/types.ts';
import { createObserver } from './capture-world.ts';

/** What a fake request is answered with. */
interface Answer {
  status?: number;
  headers?: string;
  response?: unknown;
}

/** A class of request objects that a test answers itself. What it gets is listed in `got`. */
export function createXhrClass() {
  const got: unknown[][] = [];
  class Xhr extends EventTarget {
    readyState = 0;
    status = 0;
    responseType = '';
    response: unknown = '';
    sendError: Error | undefined;
    #headers = '';
    get responseText(): unknown {
      if (this.responseType && this.responseType !== 'text') throw new DOMException('', 'InvalidStateError');
      return this.response;
    }
    open(...parameters: unknown[]) {
      got.push(['open', ...parameters.map(String)]);
      this.readyState = 1;
      this.status = 0;
    }
    setRequestHeader(...parameters: unknown[]) {
      const texts = parameters.map(String);
      if (this.readyState !== 1) throw new DOMException('not open', 'InvalidStateError');
      got.push(['setRequestHeader', ...texts]);
    }
    send(...parameters: unknown[]) {
      got.push(['send', ...parameters]);
      if (this.sendError) throw this.sendError;
    }
    abort() {
      this.#end({ status: 0 }, 'abort');
    }
    getAllResponseHeaders() {
      return this.status ? this.#headers : '';
    }
    answer(answer: Answer = {}) {
      this.#headers = answer.headers ?? 'content-type: application/json\r\n';
      this.#end({ status: 200, response: '{"a":1}', ...answer }, 'load');
    }
    /** The headers have come, and the body is on its way. */
    begin() {
      Object.assign(this, { readyState: 2, status: 200 });
      this.dispatchEvent(new Event('readystatechange'));
    }
    fail(type: 'error' | 'timeout') {
      this.#end({ status: 0 }, type);
    }
    #end(values: Answer, type: string) {
      Object.assign(this, { readyState: 4 }, values);
      this.dispatchEvent(new Event('readystatechange'));
      this.dispatchEvent(new Event(type));
      this.dispatchEvent(new Event('loadend'));
    }
  }
  return { Xhr, got };
}

/** A page with such a class, patched. */
export function openXhrPage(given: Partial<Observer> = {}) {
  const { Xhr, got } = createXhrClass();
  const natives = { ...Object.getOwnPropertyDescriptors(Xhr.prototype) };
  const page = {
    XMLHttpRequest: Xhr as unknown as typeof XMLHttpRequest,
    Headers,
    document: { baseURI: 'https://example.com/app/' },
  };
  const seen = createObserver(given);
  const stop = patchXhr(page, seen.find);
  return { page, Xhr, got, natives, stop: () => stop?.(), ...seen };
}
