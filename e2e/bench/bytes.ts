import { readFile } from 'node:fs/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import type { Competitor } from './competitors.ts';
import type { Block } from './report.ts';
import { lessThan } from './verdict.ts';

/** Bytes of what the page's script tag loads, in thousands; not what that loads later. */
export async function measureBytes(competitors: readonly Competitor[]): Promise<Block[]> {
  const sizes = await Promise.all(
    competitors
      .filter(({ isVariant }) => !isVariant)
      .map(async ({ name, script, isSource }) => {
        const source = await readFile(script, 'utf8');
        const code = isSource ? (await transform(source, { minify: true })).code : source;
        const bytes = [code, gzipSync(code, { level: 9 }), brotliCompressSync(code)].map(packed =>
          Buffer.byteLength(packed),
        );
        return { name, values: bytes.map(size => size / 1000) };
      }),
  );
  const rows = sizes.map(({ name, values }) => [name, ...values.map(size => `${size.toFixed(1)} KB`)]);
  const head = ['script', 'raw', 'gzip', 'brotli'];
  const verdict = lessThan(head.slice(1), sizes, size => `${size.toFixed(1)} KB`);
  return [{ head, rows }, `Smaller than utmost: ${verdict}`];
}
