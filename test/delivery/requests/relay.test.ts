import { expect, it } from 'vitest';
import { relayRequest } from '../../../src/delivery/requests/relay.ts';

it('a request to the relay needs no preflight, and a beacon can carry it', () => {
  expect(relayRequest('https://www.example.com/t', { user_id: 'ü' }, 'users')).toEqual({
    url: 'https://www.example.com/t/v1/users',
    // The one type a beacon gives a text: a safelisted one (fetch standard, "CORS-safelisted request-header").
    headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
    body: '{"user_id":"ü"}',
    credentials: 'same-origin',
  });
});
