import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import PlaygroundPage from '../../playground/PlaygroundPage.vue';
import './site.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('Playground', PlaygroundPage);
  },
} satisfies Theme;
