import type { Options } from 'utmost';
import { UtmostPlugin } from 'utmost/vue';
import { defineNuxtPlugin, useRuntimeConfig } from '#imports';

export default defineNuxtPlugin(({ vueApp }) => {
  vueApp.use(UtmostPlugin, useRuntimeConfig().public.utmost as Options);
});
