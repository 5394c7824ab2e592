/** A tab, as far as the pages of Playwright and Puppeteer agree. */
export interface Tab {
  /** Goes to a page, and resolves once it has loaded. */
  goto(url: string): Promise<unknown>;
  /** Runs an expression in the page, and returns what it, or the promise it makes, comes to. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface Browser {
  newPage(): Promise<Tab>;
  close(): Promise<void>;
  /** Ends it as a power cut would: no code of its own runs any more. Only where it keeps a profile. */
  kill?(): Promise<void>;
}

/**
 * The data that a browser keeps of its pages: everything, everything until it is closed, or neither cookies
 * nor storage.
 */
export type Keeping = 'profile' | 'private' | 'blocked';

export interface Launch {
  keeping: Keeping;
  /** An empty folder, or that of a browser that was killed. */
  profile: string;
  /** The port of the server on this machine to which every host name leads. */
  port: number;
  /** Milliseconds that its start may take. Default: the engine's own. */
  patience?: number | undefined;
}

/** A browser engine, and how to start a browser with it. */
export interface Engine {
  name: 'Chromium' | 'Firefox' | 'WebKit';
  /** The Debian packages that bring what it needs. */
  packages: string;
  isFound(): boolean;
  launch(how: Launch): Promise<Browser>;
}
