import 'zone.js';
import '@angular/compiler';
import { HttpClient, HttpEventType, provideHttpClient, withXhr } from '@angular/common/http';
import { NgZone, provideZoneChangeDetection } from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { timeout } from 'rxjs';
import { client } from './log.js';

const { Zone } = window;

/** Follows a call, and tells each event with its zone: changes are looked for in Angular's. */
const follow = (add, events, act) =>
  new Promise(resolve => {
    const zone = () => Zone.current.name;
    const subscription = events.subscribe({
      next: ({ type, status, statusText, url, headers, body, loaded, total }) => {
        const answer = { status, statusText, url, body, loaded, total };
        if (headers)
          answer.headers = headers
            .keys()
            .sort()
            .map(key => [key, headers.getAll(key)]);
        // How often progress comes is the browser's choice.
        const isProgress = type === HttpEventType.DownloadProgress || type === HttpEventType.UploadProgress;
        if (!isProgress || loaded === total) add(HttpEventType[type], [zone(), answer]);
      },
      error: error => {
        const { name, message, status, statusText, url, ok } = error;
        add('error', [zone(), { name, message, status, statusText, url, ok, error: error.error }]);
        resolve();
      },
      complete: () => resolve(add('complete', zone())),
    });
    act?.(subscription, resolve);
  });

for (const [name, ...features] of [['XMLHttpRequest', withXhr()], ['fetch']]) {
  const providers = [provideZoneChangeDetection(), provideHttpClient(...features)];
  const started = createApplication({ providers });
  const run = (request, act) => async add => {
    const { injector } = await started;
    const http = injector.get(HttpClient);
    const zone = injector.get(NgZone);
    let isStable = 0;
    const stable = zone.onStable.subscribe(() => isStable++);
    await zone.run(() => follow(add, request(http), act));
    stable.unsubscribe();
    add('stable', isStable > 0);
    add('pending', zone.hasPendingMacrotasks);
  };
  const events = { observe: 'events', reportProgress: true };
  client(`Angular’s HttpClient by ${name}`, {
    'JSON, sent and received': run(http => http.post('/api/echo', { id: 7, name: 'Zoë' }, events)),
    'not found': run(http => http.get('/api/missing', events)),
    aborted: run(
      http => http.get('/api/never', events),
      (subscription, resolve) => setTimeout(() => resolve(subscription.unsubscribe()), 50),
    ),
    'a timeout': run(http => http.get('/api/never').pipe(timeout(100))),
    'a network error': run(http => http.get('/api/reset', events)),
  });
}
