import ts from 'typescript';

/** Reads the compiler's options of a file like tsconfig.json. */
function readOptions(tsconfig) {
  const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, 'src').options;
}

/** What each source file was compiled to. Most of them are in many bundles. */
const compiled = new Map();

/**
 * Compiles each source file by itself, as `isolatedModules` allows. Types are checked once, by `npm run types`,
 * and no bundle reads the whole program again.
 */
export function typescript(tsconfig) {
  const compilerOptions = { ...readOptions(tsconfig), noEmit: false, sourceMap: true };
  // The bundler finds each file by the name that it has.
  compilerOptions.rewriteRelativeImportExtensions = false;
  return {
    name: 'typescript',
    transform(source, id) {
      if (!id.endsWith('.ts')) return null;
      const known = compiled.get(id);
      if (known?.source === source) return known.result;
      const { outputText, sourceMapText } = ts.transpileModule(source, { compilerOptions, fileName: id });
      const result = { code: outputText.replace(/^\/\/# sourceMappingURL=.*$/m, ''), map: sourceMapText };
      compiled.set(id, { source, result });
      return result;
    },
  };
}

/** Writes the declarations of source files, and of all they import, into a folder: one program for all bundles. */
export function emitDeclarations(inputs, outDir) {
  const options = { ...readOptions('src/tsconfig.json'), noCheck: true, noEmit: false, declaration: true };
  Object.assign(options, { emitDeclarationOnly: true, rootDir: 'src', outDir });
  ts.createProgram(inputs, options).emit();
}
