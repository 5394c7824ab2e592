/** The result of a request to an upstream. */
export interface UpstreamResult {
  /** Name of the upstream. */
  upstream: string;
  status: number;
  /** Time for which it wants no requests, in milliseconds; 0 without a `Retry-After`. */
  retryAfter: number;
  /** What the upstream did and the fix, where the status alone is not enough. */
  reason?: string;
}

/**
 * Ranks a result; the higher rank wins. What may still pass wins over what nobody can mend, since a retry repeats to
 * all upstreams.
 */
const rank = ({ status }: UpstreamResult): number => {
  if (status < 300) return 0;
  // 401 and 402 pause the sender, who keeps the update until the site's owner has mended something.
  const isPause = status === 401 || status === 402;
  const isTransient = status === 408 || status === 429 || status >= 500;
  return isTransient ? 3 : isPause ? 2 : 1;
};

/**
 * Merges the results of several upstreams into one. It is 2xx only if all are 2xx. Else it is one that may
 * pass (408, 429, 5xx, none in time). Else it is one that pauses (401, 402), else the refusal. Among equals the first
 * counts. It has the longest `Retry-After` of any.
 */
export function mergeResults(results: readonly [UpstreamResult, ...UpstreamResult[]]): UpstreamResult {
  const worst = results.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  return { ...worst, retryAfter: Math.max(...results.map(({ retryAfter }) => retryAfter)) };
}

/** The fix for a result of each rank. */
const FIXES = ['', 'check the update', 'check its key and subscription', 'send the update again later'];

/** Words a result as a sentence with the fix. It has nothing of the upstream's body, which may be secret. */
export function toSentence(result: UpstreamResult): string {
  const { upstream, status, reason = `answered ${status}; ${FIXES[rank(result)]}` } = result;
  return `${upstream} ${reason}.`;
}
