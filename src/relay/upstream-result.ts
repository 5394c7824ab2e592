/** What an upstream answered. */
export interface Answer {
  /** Whose answer it is. */
  by: string;
  status: number;
  /** How long it wants to be left alone, in milliseconds; 0 if it says nothing. */
  retryAfter: number;
  /** Why, where the status alone does not say it. */
  reason?: string;
}

/** The later row wins: what may still pass before what nobody can mend, since a retry repeats to all upstreams. */
const rankOf = ({ status }: Answer): number => {
  if (status < 300) return 0;
  // 401 and 402 pause the sender, who keeps the update until the site's owner has mended something.
  const isPause = status === 401 || status === 402;
  const isTransient = status === 408 || status === 429 || status >= 500;
  return isTransient ? 3 : isPause ? 2 : 1;
};

/**
 * The one answer for several upstreams. 2xx only if all answered 2xx. Else one that may pass (408, 429, 5xx, none in
 * time), with the longest `Retry-After` of any; else one that pauses (401, 402); else the refusal. Among equals the
 * first counts.
 */
export function combine(answers: readonly [Answer, ...Answer[]]): Answer {
  const worst = answers.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
  return { ...worst, retryAfter: Math.max(...answers.map(({ retryAfter }) => retryAfter)) };
}
