import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * The text that an editor shows of a function: its documentation and that of each of its parameters, '' where
 * there is none.
 */
export interface Hover {
  name: string;
  text: string;
  parameters: string[];
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  types: [],
};

/** Parses what files have in common, the declarations of the DOM above all, once. */
const registry = ts.createDocumentRegistry();

/** Opens one file in an editor. It may be on no disk, but its folder's packages are found. */
function openFile(file: string, text: string): ts.LanguageService {
  const read = (path: string) => (path === file ? text : readFileSync(path, 'utf8'));
  const exists = (path: string) => path === file || ts.sys.fileExists(path);
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [file],
    // The file's own text: what is parsed of another one of that name is not taken for it.
    getScriptVersion: path => (path === file ? text : ''),
    getScriptSnapshot: path => (exists(path) ? ts.ScriptSnapshot.fromString(read(path)) : undefined),
    getCurrentDirectory: () => ts.sys.getCurrentDirectory(),
    getCompilationSettings: () => OPTIONS,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: exists,
    readFile: read,
  };
  return ts.createLanguageService(host, registry);
}

/**
 * Returns the names of the functions that an expression's value has. The expression is the last statement of
 * the file.
 */
function functionsOf(file: string, text: string): string[] {
  const program = openFile(file, text).getProgram();
  const statement = program?.getSourceFile(file)?.statements.at(-1);
  if (!program || !statement || !ts.isExpressionStatement(statement))
    throw new Error(`no expression: ${text}`);
  const checker = program.getTypeChecker();
  return checker
    .getPropertiesOfType(checker.getTypeAtLocation(statement.expression))
    .filter(symbol => checker.getTypeOfSymbol(symbol).getCallSignatures()[0])
    .map(({ name }) => name);
}

/**
 * Returns what an editor shows of each function of an expression's value, in a file that begins with
 * `imports`.
 */
export function hover(file: string, imports: string, expression: string): Hover[] {
  const names = functionsOf(file, `${imports}\n${expression};`);
  const before = `${imports}\nconst it = ${expression};\n`;
  const page = before + names.map(name => `it.${name}(`).join('\n');
  const editor = openFile(file, page);
  return names.map(name => {
    const position = page.indexOf(`\nit.${name}(`) + '\nit.'.length;
    const shown = editor.getQuickInfoAtPosition(file, position);
    const tags = (shown?.tags ?? []).map(({ text }) => ts.displayPartsToString(text));
    const call = editor.getSignatureHelpItems(file, position + `${name}(`.length, {})?.items[0];
    return {
      name,
      text: ts.displayPartsToString(shown?.documentation),
      parameters: (call?.parameters ?? []).map(
        ({ name, documentation }) =>
          ts.displayPartsToString(documentation) || (tags.find(tag => tag.startsWith(`${name} `)) ?? ''),
      ),
    };
  });
}
