import plugin from '@rollup/plugin-typescript';
import ts from 'typescript';

/** Calls a plugin's hook for the first bundle alone. */
const once = hook => {
  let isCalled = false;
  return function (...parameters) {
    if (!isCalled) hook.apply(this, parameters);
    isCalled = true;
  };
};

/**
 * Compiles all sources once for the bundles that share it, where the plugin by itself reads the whole program again for
 * each. Types are checked once, by `npm run types`.
 */
export function typescript(tsconfig) {
  const compile = plugin({ tsconfig, compilerOptions: { noCheck: true, noEmit: false } });
  return { ...compile, buildStart: once(compile.buildStart), buildEnd: once(compile.buildEnd) };
}

/** Writes the declarations of source files, and of all they import, into a folder: one program for all bundles. */
export function emitDeclarations(inputs, outDir) {
  const { config } = ts.readConfigFile('src/tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, 'src');
  Object.assign(options, { noCheck: true, noEmit: false, declaration: true, emitDeclarationOnly: true });
  ts.createProgram(inputs, { ...options, rootDir: 'src', outDir }).emit();
}
