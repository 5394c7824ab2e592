import type { Page } from '../browser/page.ts';
import type { Visit } from '../campaign/rules.ts';
import type { ToBatch } from '../delivery/merge.ts';
import type { ToMetadata } from '../identity/calls.ts';
import type { ToTouches } from '../identity/user-update.ts';
import type { OptionSpec, Settings } from '../options/options.ts';
import type { Entry, Receipt } from '../shared/types.ts';
import type { Client } from './client.ts';
import type { Context, Dependencies, Runtime } from './dependencies.ts';

/** All that a feature may ask of its client. */
export interface Kernel<S extends Settings = Settings, C extends Client = Client> {
  page: Page;
  /** The client. While a feature is made, it has the methods of the core and of the features before. */
  client: C;
  /** Returns the settings and dependencies; undefined before `init`. */
  context(): Context<S> | undefined;
  /** Returns the runtime; undefined while tracking may not run. */
  running(): Runtime<S> | undefined;
  /**
   * Runs now or once tracking may start. Resolves with undefined if it never may (no page, consent denied), and if
   * that takes long: the visitor is being asked, or nobody calls `init`.
   */
  whenReady<T>(use: (runtime: Runtime<S>) => T | Promise<T>): Promise<T | undefined>;
  /** Makes a receipt of a call. What `prepare` throws is said on the console, and answered `dropped`. */
  toReceipt(prepare: () => (runtime: Runtime<S>) => Receipt | Promise<Receipt>): Promise<Receipt>;
  /** Makes JSON of what a call says. Throws if it has none, or too much. */
  toMetadata: ToMetadata;
}

/** What a feature adds to one client: its methods, and what it does at the steps of the others. */
export interface FeatureParts<S extends Settings = Settings, C extends Client = Client> {
  methods?: Partial<C> | undefined;
  /** Runs at `init`, before consent: it may listen to the page, and stores nothing. */
  begin?(context: Context<S>): void;
  /** Puts a visitor known elsewhere into the records. Runs once consent allows, before the visit is recorded. */
  findVisitor?(context: Context<S>): void;
  /** Changes a visit before it is attributed. It may run before consent, and stores nothing. */
  toVisit?(visit: Visit): Visit;
  /**
   * Keeps more touches of a visitor than the first and the last. Runs when there is a new one, and for each update of a
   * user. Returns all, as they are sent. One feature may have it.
   */
  toTouches?: ToTouches | undefined;
  /** A user is identified by a call that is not dropped, in the task of the call. */
  onIdentify?(userId: string): void;
  /** Turns entries of one profile into a request, in place of merging them. One feature may have it. */
  toBatch?: ToBatch | undefined;
  /** A 2xx has confirmed these entries. */
  onDelivered?(entries: readonly Entry[], context: Context<S>): void;
  /** Consent is denied. Removes what the feature has stored outside of the records. */
  onErase?(): void;
}

/**
 * A feature of a client, which an entry has or has not. Adding one touches its own file, the entry that has it, and
 * its document. `combineFeatures` makes the one that a client has.
 */
export interface Feature<S extends Settings = Settings, C extends Client = Client> extends OptionSpec {
  /** Returns dependencies that replace the page's own. Runs once, at `init`, and may refuse the settings by a TypeError. */
  dependencies?(settings: S): Partial<Dependencies>;
  /** Makes its part of one client. */
  create?(kernel: Kernel<S, C>): FeatureParts<S, C>;
}
