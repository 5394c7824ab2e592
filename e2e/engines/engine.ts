/** A tab: of the pages of Playwright and Puppeteer, what both agree on. */
export interface Tab {
  /** Resolves once the page has loaded. */
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

/** What a browser keeps of its pages: everything, everything until it is closed, or neither cookies nor storage. */
export type Keeping = 'profile' | 'private' | 'blocked';

export interface Launch {
  keeping: Keeping;
  /** An empty folder, or that of a browser that was killed. */
  profile: string;
  /** Of the server on this machine to which every host name leads. */
  port: number;
}

/** A browser engine, and how to start a browser with it. */
export interface Engine {
  name: 'Chromium' | 'Firefox' | 'WebKit';
  /** The Debian packages that bring what it needs. */
  packages: string;
  isFound(): boolean;
  launch(how: Launch): Promise<Browser>;
}
