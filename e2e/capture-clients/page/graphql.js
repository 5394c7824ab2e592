import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { Client, fetchExchange } from '@urql/core';
import { client, sleep } from './log.js';

const QUERY = gql`query Pet($id: Int) { pet(id: $id) { id name } }`;
const variables = { id: 7 };
const tellGraphError = error => ({
  ...(error.networkError ?? error),
  name: error.name,
  message: error.message,
});

/** Addresses, and the time after which a call is aborted or times out. */
const PLACES = {
  'JSON, sent and received': ['/api/graphql'],
  'not found': ['/api/missing'],
  aborted: ['/api/never', { abortAfter: 50 }],
  'a timeout': ['/api/never', { timeout: 100 }],
  'a network error': ['/api/reset'],
};
const casesOf = run =>
  Object.fromEntries(
    Object.entries(PLACES).map(([name, [uri, times = {}]]) => [name, add => run(add, uri, times)]),
  );

client(
  'Apollo',
  casesOf(async (add, uri, { abortAfter, timeout }) => {
    const end = new AbortController();
    if (abortAfter) setTimeout(() => end.abort(), abortAfter);
    const signal = timeout ? AbortSignal.timeout(timeout) : end.signal;
    const apollo = new ApolloClient({
      link: new HttpLink({ uri, fetchOptions: { signal } }),
      cache: new InMemoryCache(),
    });
    const answer = apollo.query({ query: QUERY, variables }).then(
      ({ data, error }) => add('answer', [data, error && tellGraphError(error)]),
      error => add('rejected', error),
    );
    // It never tells of a call that is aborted.
    await Promise.race([answer, sleep(1000)]);
  }),
);

client(
  'urql',
  casesOf(async (add, url, { abortAfter, timeout }) => {
    const call =
      timeout && ((input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeout) }));
    const urql = new Client({ url, exchanges: [fetchExchange], preferGetMethod: false, fetch: call });
    await new Promise(resolve => {
      const { unsubscribe } = urql.query(QUERY, variables).subscribe(({ data, error }) => {
        add('answer', [data, error && tellGraphError(error)]);
        resolve();
      });
      if (abortAfter) setTimeout(() => resolve(unsubscribe()), abortAfter);
    });
  }),
);
