/** What can be wrong with a link. */
export type FaultCode =
  /** A key that is meant as a tag or a click id: `utm_souce`, `utm-source`, `UTM_Source`, `amp;utm_medium`. */
  | 'misspelt-key'
  /** A parameter behind a second `?`, which belongs to the value before it. */
  | 'second-question-mark'
  /** A tag that is there more than once. */
  | 'repeated'
  /** Tags behind the `#`. */
  | 'in-fragment'
  /** Tags without `utm_source`. Without `utm_medium` it is a note. */
  | 'missing-key'
  /** A tag without a value. */
  | 'empty'
  /** A value that the ad platform or the newsletter never filled in: `{{campaign.name}}`, `{keyword}`, `[UTM]`. */
  | 'placeholder'
  /** A value that was encoded twice: `%2520`. */
  | 'double-encoded'
  /** An e-mail address, in any parameter. */
  | 'email'
  /** A signed token (JWT) in a tag. */
  | 'token'
  /** A value of over 512 characters. */
  | 'too-long'
  /** A value that begins or ends with a blank. */
  | 'blanks'
  /** A value with line breaks or other invisible characters. */
  | 'control-characters'
  /** A value that the allow-list does not have. */
  | 'not-allowed'
  /** A value that other links of the run spell in another way: `Newsletter`, `newsletter`. */
  | 'mixed-spelling'
  /** A tag or a click id that a redirect does not pass on. */
  | 'lost'
  /** A tag or a click id that a redirect passes on otherwise. */
  | 'changed'
  /** Redirects in a circle. */
  | 'loop'
  /** More redirects than `--max-redirects`. */
  | 'too-many-redirects'
  /** An address that does not answer in time. */
  | 'timeout'
  /** An address that cannot be opened, or a redirect to none. */
  | 'unreachable'
  /** A page that answers with an error: 404, 500. */
  | 'http-error'
  /** A redirect into an app (`shop:`), a note. */
  | 'other-scheme'
  /** A page that seems to lead on by a script, a note. Scripts are not run. */
  | 'script-redirect'
  /** What is no address of a page. */
  | 'invalid-url'
  /** A page that gets no tag and no click id. */
  | 'no-campaign';

/** Something wrong with a link. */
export interface Fault {
  code: FaultCode;
  /** `note`: worth a look, but no reason to fail. */
  level: 'fault' | 'note';
  /** The parameter, as the link spells it. */
  key?: string;
  /** The address that it was found at: an index of the hops, 0 for the link itself. */
  hop: number;
  /** What is wrong and how to mend it, in a sentence. */
  message: string;
}

/** A fault before it is known at which address it stands. */
export type Finding = Omit<Fault, 'hop'>;

/** The values that parameters may have, by key. `*` in a value stands for any text. */
export type AllowList = Readonly<Record<string, readonly string[]>>;

/** How an address led to the next one. */
export type RedirectKind = 'http' | 'refresh-header' | 'meta-refresh';

/** An address on the way. */
export interface Hop {
  url: string;
  /** The status of its answer. Absent where it was not opened or did not answer. */
  status?: number;
  /** How it led to the next address. Absent for the last one. */
  redirect?: RedirectKind;
}

/** The way of a link. */
export interface Trace {
  hops: Hop[];
  /** Why it ended before a page, and what a page's script may do. */
  findings: Finding[];
}
