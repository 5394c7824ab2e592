import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../integrations/gtm/template.tpl', import.meta.url), 'utf8');

/** The sections of Tag Manager's template, by name. */
export const sections = new Map(
  [...text.matchAll(/^___([A-Z_]+)___\n(.*?)(?=^___[A-Z_]+___$|$(?![\s\S]))/gms)].map(
    ([, name, body]) => [`${name}`, `${body}`.trim()] as const,
  ),
);

export const section = (name: string): string => sections.get(name) ?? '';

/** The template's code, which runs in Tag Manager's sandbox. */
export const templateCode = section('SANDBOXED_JS_FOR_WEB_TEMPLATE');
