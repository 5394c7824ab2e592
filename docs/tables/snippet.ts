import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { code, table } from './markdown.ts';
import { valuesOf } from './source.ts';

const snippet = () =>
  readFileSync(fileURLToPath(new URL('../../src/snippet.html', import.meta.url)), 'utf8').trim();

const fence = (html: string) => `\`\`\`html\n${html}\n\`\`\``;

/** The loader snippet as it ships. */
export const snippetFence = (): string => fence(snippet());

/** The snippet's code without its `init`: the same on every site, and so is its hash. */
function codeWithoutInit(): string {
  const [, found] = /<script>(.*?);utmost\.init\(/s.exec(snippet()) ?? [];
  if (!found) throw new Error('src/snippet.html does not end with its init.');
  return found;
}

/** The snippet for a page with a strict policy: the application id is an attribute instead. */
export function strictSnippetFence(): string {
  const tag = '<script async src="/utmost.min.js" data-application-id="YOUR_APPLICATION_ID"></script>';
  return fence(`<script>${codeWithoutInit()}</script>\n${tag}`);
}

/** What a Content Security Policy has to allow, by how the script is loaded. */
export function policiesTable(): string {
  const host = valuesOf('DEFAULTS').get('host')?.value;
  const hash = createHash('sha256').update(codeWithoutInit()).digest('base64');
  const rows = [
    ['script tag, on your own site', `script-src 'self'; connect-src ${host}`],
    ['loader snippet, as below', `script-src 'self' 'sha256-${hash}'; connect-src ${host}`],
    ['npm import, in your bundle', `script-src 'self'; connect-src ${host}`],
    ['script tag with `data-relay="/t"`', "script-src 'self'; connect-src 'self'"],
  ] as const;
  return table(
    ['how it is loaded', 'policy'],
    rows.map(([how, policy]) => [how, code(policy)]),
  );
}
