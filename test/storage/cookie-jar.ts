/**
 * A page's cookies, as a browser keeps them: each on a domain or on the host alone, none on a public suffix. It stands
 * in for happy-dom's, which knows no public suffixes.
 */
export class CookieJar {
  readonly cookies: { name: string; value: string; domain: string | undefined; attributes: string }[] = [];
  /** Every assignment to `document.cookie`. */
  readonly written: string[] = [];

  /** How often `document.cookie` was read. */
  looks = 0;

  constructor(
    /** Whether the browser takes a cookie on this domain; undefined: on the host alone. */
    public accepts: (domain: string | undefined, name: string) => boolean,
  ) {}

  /** Puts the jar in the place of `document.cookie`. */
  install(): this {
    Object.defineProperty(document, 'cookie', {
      configurable: true,
      get: () => {
        this.looks++;
        return this.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      },
      set: (text: string) => this.write(text),
    });
    return this;
  }

  value(name: string, domain?: string): string | undefined {
    return this.cookies.find(cookie => cookie.name === name && cookie.domain === domain)?.value;
  }

  write(text: string): void {
    this.written.push(text);
    const [, name = '', value = '', attributes = ''] = text.match(/^([^=]*)=([^;]*)(.*)/) ?? [];
    const domain = attributes.match(/domain=([^;]+)/i)?.[1];
    if (!this.accepts(domain, name)) return;
    const index = this.cookies.findIndex(cookie => cookie.name === name && cookie.domain === domain);
    const lasts = Number(attributes.match(/max-age=([^;]+)/i)?.[1] ?? Infinity);
    const cookie = { name, value, domain, attributes };
    if (lasts <= 0) index < 0 || this.cookies.splice(index, 1);
    // As browsers do: a changed cookie keeps its place, and of two with one name the older stands first.
    else if (index < 0) this.cookies.push(cookie);
    else this.cookies[index] = cookie;
  }
}

/** Puts a localStorage in place that throws, as where storage is blocked. */
export function blockLocalStorage(): void {
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    get() {
      throw new DOMException('blocked', 'SecurityError');
    },
  });
}
