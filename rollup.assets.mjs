import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { packages } from './src/cli/rollup.config.mjs';

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

/** Emits files that are no code. */
const emit = (name, files) => ({
  name,
  generateBundle(_, bundle) {
    for (const [fileName, source] of Object.entries(files(bundle)))
      this.emitFile({ type: 'asset', fileName, source });
  },
});

/** The loader snippet as it stands, and the licences of what the files hold of others. */
export const assets = emit('assets', () => {
  const own = Object.keys(dependencies).map(name => `node_modules/${name}`);
  const texts = [...new Set([...own, ...packages])].sort().map(folder => {
    const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry));
    const name = folder.replace(/^.*node_modules\//, '');
    return `${name}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
  });
  return { 'snippet.html': readFileSync('src/snippet.html', 'utf8'), 'LICENSES.txt': texts.join('\n\n') };
});

const hashes = {};
/** The hashes for the `integrity` attribute of a page that loads a script from elsewhere. */
export const integrity = emit('integrity', bundle => {
  for (const { type, fileName, code } of Object.values(bundle))
    if (type === 'chunk') hashes[fileName] = `sha384-${createHash('sha384').update(code).digest('base64')}`;
  return { 'integrity.json': `${JSON.stringify(hashes, null, 2)}\n` };
});

/** A module without code: an import that is there for its types has to lead somewhere. */
export const empty = emit('empty', () => ({ 'global.js': 'export {};\n', 'global.cjs': '' }));
