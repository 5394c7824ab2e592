import { fencesOf, readPage } from '../../test/docs/pages.ts';

// What is tested is what the documentation says: the apps are made of its snippets, and of what a site has besides.
const page = readPage('docs/frameworks.md');
const [react = ''] = fencesOf(page, 'jsx');
const [vue = ''] = fencesOf(page, 'vue');
const [svelte = ''] = fencesOf(page, 'svelte');
const having = (mark: string) => fencesOf(page, 'js', 'ts').find(code => code.includes(mark)) ?? '';

/** An app: its files, of which `client` is the page's and `server` returns what it renders. */
export interface App {
  files: Record<string, string>;
  client: string;
  server: string;
  /** The name of the element that the app is rendered into. Default `div`. */
  host?: string;
}

/** What the test does with an app: it logs in, and goes on. */
const SITE = `
  window.go = () => history.pushState({}, '', '/next');
`;

const WRAPPED = `import { StrictMode } from 'react'; import { App } from './App.jsx';
  export const app = <StrictMode><App /></StrictMode>;`;

export const APPS: Record<string, App> = {
  React: {
    client: 'client.jsx',
    server: 'server.jsx',
    files: {
      'App.jsx': react,
      'session.js': `import { useSyncExternalStore } from 'react';
        const LOADING = { isPending: true };
        let session = LOADING;
        const listeners = new Set();
        globalThis.logIn = user => { session = { data: { user }, isPending: false }; for (const each of listeners) each(); };
        const subscribe = each => { listeners.add(each); return () => listeners.delete(each); };
        export const useSession = () => useSyncExternalStore(subscribe, () => session, () => LOADING);`,
      'wrapped.jsx': WRAPPED,
      'client.jsx': `import { hydrateRoot } from 'react-dom/client'; import { app } from './wrapped.jsx'; ${SITE}
        hydrateRoot(document.querySelector('#app'), app);`,
      'server.jsx': `import { renderToString } from 'react-dom/server'; import { app } from './wrapped.jsx';
        export default () => renderToString(app);`,
    },
  },
  Vue: {
    client: 'client.js',
    server: 'server.js',
    files: {
      'App.vue': vue,
      'session.js': `import { reactive } from 'vue';
        export const session = reactive({ user: undefined });
        globalThis.logIn = user => { session.user = user; };`,
      // Over what a server has rendered, Vue wants it by this name.
      'client.js': having('createApp(App)').replaceAll('createApp', 'createSSRApp') + SITE,
      'server.js': `import { createSSRApp } from 'vue'; import { renderToString } from 'vue/server-renderer';
        import { UtmostPlugin } from 'utmost/vue'; import App from './App.vue';
        export default () => renderToString(createSSRApp(App).use(UtmostPlugin, { applicationId: 'app' }));`,
    },
  },
  Svelte: {
    client: 'client.js',
    server: 'server.js',
    files: {
      'App.svelte': svelte,
      'session.js': `import { writable } from 'svelte/store';
        export const session = writable(undefined);
        globalThis.logIn = user => session.set(user);`,
      'client.js': `import { hydrate } from 'svelte'; import App from './App.svelte'; ${SITE}
        hydrate(App, { target: document.querySelector('#app') });`,
      'server.js': `import { render } from 'svelte/server'; import App from './App.svelte';
        export default () => render(App).body;`,
    },
  },
  Angular: {
    host: 'app-root',
    client: 'client.ts',
    server: 'server.ts',
    files: {
      'utmost.service.ts': having('class UtmostService'),
      'app.config.ts': having('provideAppInitializer('),
      'root.ts': `import 'zone.js'; import '@angular/compiler';
        import { Component, computed, inject, mergeApplicationConfig, provideZoneChangeDetection } from '@angular/core';
        import { appConfig } from './app.config'; import { UtmostService } from './utmost.service';
        globalThis.checks = 0;
        @Component({ selector: 'app-root', template: '<p>{{ text() }}</p>' })
        export class Root {
          utmost = inject(UtmostService);
          text = computed(() => this.utmost.campaign()?.utm_campaign === 'spring' ? 'Your spring offer' : 'Welcome');
          ngDoCheck() { globalThis.checks++; }
        }
        export const config = mergeApplicationConfig(appConfig, { providers: [provideZoneChangeDetection()] });`,
      'client.ts': `import { config, Root } from './root';
        import { bootstrapApplication } from '@angular/platform-browser';
        import { setUser } from 'utmost';
        ${SITE}
        window.logIn = setUser;
        bootstrapApplication(Root, config);`,
      'server.ts': `import { config, Root } from './root';
        import { enableProdMode, mergeApplicationConfig } from '@angular/core';
        import { bootstrapApplication } from '@angular/platform-browser';
        import { provideServerRendering, renderApplication } from '@angular/platform-server';
        // A server in development says so on the console.
        enableProdMode();
        const server = mergeApplicationConfig(config, { providers: [provideServerRendering()] });
        const bootstrap = context => bootstrapApplication(Root, server, context);
        const document = '<html><body><app-root></app-root></body></html>';
        export default async () =>
          (await renderApplication(bootstrap, { document })).replace(/^.*<app-root[^>]*>|<\\/app-root>.*$/gs, '');`,
    },
  },
};
