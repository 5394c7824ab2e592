/** The answer of an upstream. */
export interface Answer {
  /** Name of the upstream. */
  by: string;
  status: number;
  /** Time for which it wants no requests, in milliseconds; 0 if it says nothing. */
  retryAfter: number;
  /** The reason, where the status alone does not say it. */
  reason?: string;
}

/**
 * Ranks an answer; the higher rank wins. What may still pass wins over what nobody can mend, since a retry repeats to
 * all upstreams.
 */
const rankOf = ({ status }: Answer): number => {
  if (status < 300) return 0;
  // 401 and 402 pause the sender, who keeps the update until the site's owner has mended something.
  const isPause = status === 401 || status === 402;
  const isTransient = status === 408 || status === 429 || status >= 500;
  return isTransient ? 3 : isPause ? 2 : 1;
};

/**
 * Combines the answers of several upstreams into one. It is 2xx only if all answered 2xx. Else it is one that may
 * pass (408, 429, 5xx, none in time). Else it is one that pauses (401, 402), else the refusal. Among equals the first
 * counts. It has the longest `Retry-After` of any.
 */
export function combine(answers: readonly [Answer, ...Answer[]]): Answer {
  const worst = answers.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
  return { ...worst, retryAfter: Math.max(...answers.map(({ retryAfter }) => retryAfter)) };
}
