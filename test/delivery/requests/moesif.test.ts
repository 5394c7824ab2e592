import { beforeAll, expect, it } from 'vitest';
import { moesifRequest } from '../../../src/delivery/requests/moesif.ts';
import { normalizeOptions } from '../../../src/options/options.ts';

// The build puts the package's version in this name's place.
beforeAll(() => void Object.assign(globalThis, { VERSION: '1.2.3' }));

const request = (host?: string) =>
  moesifRequest(normalizeOptions({ applicationId: 'app id', host }), { user_id: 'ü', n: null }, 'users');

it.each([
  [undefined, 'https://api.moesif.net/v1/users'],
  ['localhost:3000/collector/', 'http://localhost:3000/collector/v1/users'],
])('host %s: one user goes to %s', (host, url) => expect(request(host).url).toBe(url));

it('has exactly the headers that pass the collector’s preflight', () => {
  expect(request().headers).toEqual({
    'Content-Type': 'application/json',
    'X-Moesif-Application-Id': 'app id',
    'X-Moesif-SDK': 'utmost/1.2.3',
  });
});

it('has no cookies, on whatever host the API is', () => {
  expect(request('https://www.example.com').credentials).toBe('omit');
});

it('has the body as JSON, as it was given', () => {
  expect(request().body).toBe('{"user_id":"ü","n":null}');
});
