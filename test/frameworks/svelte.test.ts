// @vitest-environment happy-dom
// @vitest-environment-options { "url": "https://www.example.com/?utm_source=spring" }
import { init, setConsent } from 'utmost';
import { campaign } from 'utmost/svelte';
import { expect, it, vi } from 'vitest';

it('is undefined in the first render, then the campaign, and undefined again after a refusal', async () => {
  vi.stubGlobal('fetch', async () => Response.json({}, { status: 201 }));
  init({ applicationId: 'app', host: 'https://collector.example' });
  const seen: unknown[] = [];
  const stop = campaign.subscribe(value => seen.push(value?.utm_source));
  expect(seen).toEqual([undefined]);
  await vi.waitFor(() => expect(seen).toEqual([undefined, 'spring']));
  setConsent('denied');
  await vi.waitFor(() => expect(seen).toEqual([undefined, 'spring', undefined]), 2000);
  stop();
});
