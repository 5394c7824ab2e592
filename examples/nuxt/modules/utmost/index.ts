import { addImports, addPlugin, createResolver, defineNuxtModule } from '@nuxt/kit';
import type { Options } from 'utmost';

export default defineNuxtModule<Omit<Options, 'onDelivery'>>({
  meta: { name: 'utmost', configKey: 'utmost' },
  setup(options, nuxt) {
    nuxt.options.runtimeConfig.public.utmost = { ...options };
    addPlugin(createResolver(import.meta.url).resolve('./plugin'));
    addImports(['useCampaign', 'useUser'].map(name => ({ name, from: 'utmost/vue' })));
  },
});
