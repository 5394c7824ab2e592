import { beforeEach, expect, it, vi } from 'vitest';
import { toOutcome } from '../../src/delivery/outcome.ts';
import { createWarnings } from '../../src/delivery/warnings.ts';
import { dropped, queued } from '../../src/shared/receipt.ts';

const NOW = Date.UTC(2026, 0, 15);

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
const lines = () => vi.mocked(console.warn).mock.calls.map(words => words.join(' '));

it('each update that is dropped is said, in a line', () => {
  const warn = createWarnings();
  warn(toOutcome(400, null, NOW));
  warn(toOutcome(404, null, NOW, false, 123));
  warn(dropped('expired'));
  expect(lines()).toEqual([
    'utmost: an update is dropped: HTTP 400; check the answer',
    'utmost: an update is dropped: HTTP 404; check the answer',
    'utmost: an update is dropped: expired; call again once it may be sent',
  ]);
});

it('what stands before the API is said once of each kind, with what to check', () => {
  const warn = createWarnings();
  for (const status of [200, 404, 0, 403, 0]) warn(toOutcome(status, null, NOW, true, 60));
  expect(lines()).toEqual([
    'utmost: an update is queued: HTTP 200; check host, relay and proxies',
    'utmost: an update is queued: HTTP redirect; check host, relay and proxies',
  ]);
});

it.each([401, 402])('%i is said with what to check', status => {
  const warn = createWarnings();
  warn(toOutcome(status, null, NOW));
  warn(toOutcome(status, null, NOW));
  expect(lines()).toEqual([
    `utmost: an update is queued: HTTP ${status}; check application id and subscription`,
  ]);
});

it('of what passes by itself nothing is said', () => {
  const warn = createWarnings();
  for (const status of [408, 429, 500, 503]) warn(toOutcome(status, null, NOW));
  warn(queued('network'));
  warn(queued('timeout'));
  expect(lines()).toEqual([]);
});

it('an outage before it does not keep 401 from being said', () => {
  const warn = createWarnings();
  warn(toOutcome(503, null, NOW));
  warn(toOutcome(401, null, NOW));
  expect(lines()).toHaveLength(1);
});
