// npm run api writes what each entry exports into etc/*.api.md; npm run api:check fails where one is stale. Its difference
// shows in review what a change does to the public interface.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const root = fileURLToPath(new URL('..', import.meta.url));
const packageJsonFullPath = `${root}package.json`;
const { exports } = JSON.parse(readFileSync(packageJsonFullPath, 'utf8')) as {
  exports: Record<string, string | { types?: string; import?: { types: string } }>;
};
const types = Object.values(exports).map(entry => (typeof entry === 'string' ? '' : entry.import?.types));
/** The declarations of every entry, as they are published. */
const entries = [...new Set(types)].filter(path => path?.endsWith('.d.ts')) as string[];

const silent = { default: { logLevel: ExtractorLogLevel.None } };

/** Writes the report of one entry, or compares it. Returns whether it was as it should be. */
function report(path: string, isCheck: boolean): boolean {
  const name = path.replace(/^.*\/|\.d\.ts$/g, '');
  const extractorConfig = ExtractorConfig.prepare({
    packageJsonFullPath,
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: `${root}${path}`,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            module: 'ESNext',
            moduleResolution: 'bundler',
            lib: ['ES2022', 'DOM', 'DOM.Iterable'],
            types: [],
            skipLibCheck: true,
          },
          files: [path],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: name,
        reportFolder: '<projectFolder>/etc/',
        reportTempFolder: '<projectFolder>/reports/api/',
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      // The comments are checked by TypeDoc, and the types by the compiler.
      messages: {
        compilerMessageReporting: silent,
        tsdocMessageReporting: silent,
        extractorMessageReporting: silent,
      },
    },
  });
  const { apiReportChanged } = Extractor.invoke(extractorConfig, {
    localBuild: !isCheck,
    messageCallback: message => {
      message.handled = true;
    },
  });
  if (apiReportChanged) {
    console[isCheck ? 'error' : 'log'](
      isCheck
        ? `etc/${name}.api.md is stale: ${path} has changed. Run npm run api, and look at the difference.`
        : `etc/${name}.api.md is written anew.`,
    );
  }
  return !apiReportChanged;
}

const isCheck = process.argv.includes('--check');
const isRight = entries.map(path => report(path, isCheck)).every(Boolean);
if (isCheck && !isRight) process.exitCode = 1;
