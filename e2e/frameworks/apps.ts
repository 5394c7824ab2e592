const OPTIONS = "{ applicationId: 'app', host: 'https://collector.example' }";

/** An app of each framework: it shows the campaign and its route, logs in by `#login` and goes on by `#next`. */
export const APPS: Record<string, string> = {
  React: `import { createElement as h, StrictMode, useState } from 'react';
    import { createRoot } from 'react-dom/client';
    import { UtmostProvider, useCampaign, useUser } from 'utmost/react';
    const options = ${OPTIONS};
    function Home() {
      const [user, setUser] = useState();
      const [route, setRoute] = useState('/');
      useUser(user);
      const next = () => { history.pushState({}, '', '/next'); setRoute('/next'); };
      return h('main', null,
        h('p', { id: 'source' }, useCampaign()?.utm_source ?? 'none'),
        h('p', { id: 'route' }, route),
        h('button', { id: 'login', onClick: () => setUser({ id: 'ada', plan: 'pro' }) }, 'Log in'),
        h('button', { id: 'next', onClick: next }, 'Next'));
    }
    createRoot(document.querySelector('#root')).render(
      h(StrictMode, null, h(UtmostProvider, { options }, h(Home))));`,
  Vue: `import { createApp, h, ref } from 'vue';
    import { UtmostPlugin, useCampaign, useUser } from 'utmost/vue';
    const user = ref();
    const route = ref('/');
    const next = () => { history.pushState({}, '', '/next'); route.value = '/next'; };
    createApp({
      setup() {
        const campaign = useCampaign();
        useUser(user);
        return () => h('main', [
          h('p', { id: 'source' }, campaign.value?.utm_source ?? 'none'),
          h('p', { id: 'route' }, route.value),
          h('button', { id: 'login', onClick: () => { user.value = { id: 'ada', plan: 'pro' }; } }, 'Log in'),
          h('button', { id: 'next', onClick: next }, 'Next'),
        ]);
      },
    }).use(UtmostPlugin, ${OPTIONS}).mount('#root');`,
  Svelte: `import { mount } from 'svelte';
    import App from './App.svelte';
    mount(App, { target: document.querySelector('#root') });`,
};

/** The component of the Svelte app. */
export const SVELTE = `<script>
    import { init, setUser } from 'utmost';
    import { campaign } from 'utmost/svelte';
    let user = $state();
    let route = $state('/');
    init(${OPTIONS});
    $effect(() => void setUser(user));
    const next = () => { history.pushState({}, '', '/next'); route = '/next'; };
  </script>
  <main>
    <p id="source">{$campaign?.utm_source ?? 'none'}</p>
    <p id="route">{route}</p>
    <button id="login" onclick={() => { user = { id: 'ada', plan: 'pro' }; }}>Log in</button>
    <button id="next" onclick={next}>Next</button>
  </main>`;
