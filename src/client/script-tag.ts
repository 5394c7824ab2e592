/** What a script tag mounts besides. The loader snippet has none of it before the script has come. */
export interface ScriptTagExtras {
  /**
   * Opens the panel, which shows what utmost knows on this page, and checks its set-up. Loads it from beside the
   * script first.
   */
  panel?(): void;
}

/**
 * The object that a script tag mounts. Until its script has come, the loader snippet answers every call with a
 * promise; `await` reads both. A function that answers with nothing, or with a promise, is the same in both.
 */
export type ScriptTag<Api> = {
  // biome-ignore lint/suspicious/noConfusingVoidType: it is a return type, of functions that answer with nothing.
  [Name in keyof Api]: Api[Name] extends (...parameters: never) => Promise<unknown> | void
    ? Api[Name]
    : Api[Name] extends (...parameters: infer Parameters) => infer Result
      ? (...parameters: Parameters) => Result | Promise<Result>
      : Api[Name];
};
