// Browsers refuse keepalive bodies over 64 KiB in flight per page, and about 230 parallel small ones (fetch standard,
// "http-network-or-cache fetch"). Both bounds stay below that and leave room for the site's own requests.
const KEEPALIVE_BYTES = 60 * 1024;
const KEEPALIVE_REQUESTS = 15;

/**
 * Makes the budget of requests that may outlive their page. `reserve(size)` takes a share of it. It returns a function
 * that gives the share back, or undefined where there is no room.
 */
export function createKeepaliveBudget() {
  let bytes = 0;
  let requests = 0;
  return (size: number): (() => void) | undefined => {
    if (bytes + size > KEEPALIVE_BYTES || requests >= KEEPALIVE_REQUESTS) return;
    bytes += size;
    requests++;
    return () => {
      bytes -= size;
      requests--;
    };
  };
}
