export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  telemetry: false,
  utmost: { relay: '/t', debug: true },
});
