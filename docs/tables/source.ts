import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The package's entries by the name a site imports: tsconfig.json has them, and moves with the code. */
function readEntries(): Map<string, string> {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const paths: Record<string, string[]> = config.compilerOptions.paths;
  return new Map(Object.entries(paths).map(([name, [path = '']]) => [name, ts.sys.resolvePath(root + path)]));
}

const entries = readEntries();
/** The command line is no entry: nobody imports it. */
const program = ts.createProgram([...entries.values(), `${root}src/cli/main.ts`], {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  noEmit: true,
  strict: true,
  types: [],
});
const checker = program.getTypeChecker();
/** The library's own files. */
const files = program
  .getSourceFiles()
  .filter(file => !file.isDeclarationFile && !file.fileName.includes('/node_modules/'));

/** The text of the library's own files, for what is looked up as text. */
export const sourceText = (): string => files.map(({ text }) => text).join('\n');

/** A member of an interface, an export, or a member of a union, with what its comment says. */
export interface Documented {
  name: string;
  /** Its type as it is written, or its parameters. */
  kind: string;
  /** Its whole comment, in one line. */
  text: string;
}

/** Finds a declaration by its name alone, so that a file may move. */
function find<T extends ts.Statement>(name: string, is: (node: ts.Statement) => node is T): T {
  const named = (node: T) =>
    ts.isVariableStatement(node)
      ? node.declarationList.declarations.some(each => each.name.getText() === name)
      : (node as unknown as ts.NamedDeclaration).name?.getText() === name;
  const [found, other] = files.flatMap(file => file.statements.filter(is).filter(named));
  if (!found || other)
    throw new Error(`src/ has ${found ? 'two declarations' : 'no declaration'} of ${name}.`);
  return found;
}

const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  return inOneLine(ts.getTextOfJSDocComment(comment?.comment) ?? '');
}

/** The properties of an interface itself, not those it inherits, in the order of the code. */
export const membersOf = (name: string): Documented[] =>
  find(name, ts.isInterfaceDeclaration)
    .members.filter(ts.isPropertySignature)
    .map(member => ({
      name: member.name.getText(),
      kind: inOneLine(member.type?.getText() ?? ''),
      text: commentOf(member),
    }));

/** The names of an interface's methods and properties. */
export const namesOf = (name: string): string[] =>
  find(name, ts.isInterfaceDeclaration).members.map(member => `${member.name?.getText()}`);

/** The words of a union of them, each with the comment above it, if any. */
export function wordsOf(name: string): Documented[] {
  const { type } = find(name, ts.isTypeAliasDeclaration);
  if (!ts.isUnionTypeNode(type)) throw new Error(`${name} is no union.`);
  const { text } = type.getSourceFile();
  return type.types.map((word, n) => {
    // A word's comment stands before its bar, which belongs to neither.
    const before = text.slice(type.types[n - 1]?.end ?? type.pos, word.getStart());
    const [, comment = ''] = /\/\*\*(.*?)\*\//s.exec(before) ?? [];
    return {
      name: word.getText().slice(1, -1),
      kind: '',
      text: inOneLine(comment.replace(/^\s*\* ?/gm, '')),
    };
  });
}

/** The values of a constant object, as written, each with the unit in the comment behind it. */
export function valuesOf(name: string): Map<string, { value: string; unit: string }> {
  const { declarationList } = find(name, ts.isVariableStatement);
  let object = declarationList.declarations[0]?.initializer;
  while (object && (ts.isAsExpression(object) || ts.isSatisfiesExpression(object)))
    object = object.expression;
  if (!object || !ts.isObjectLiteralExpression(object)) throw new Error(`${name} is no object.`);
  const { text } = object.getSourceFile();
  return new Map(
    object.properties.filter(ts.isPropertyAssignment).map(property => {
      const [, unit = ''] = /^,? *\/\/ *(.*)/.exec(text.slice(property.end)) ?? [];
      const { initializer } = property;
      const value = ts.isStringLiteral(initializer)
        ? initializer.text
        : initializer.getText().replaceAll('_', '');
      const key = ts.isStringLiteral(property.name) ? property.name.text : property.name.getText();
      return [key, { value, unit }];
    }),
  );
}

/** The functions that an entry exports, in the order of the default export, and then of their names. */
export function functionsOf(entry: string): Documented[] {
  const file = program.getSourceFile(entries.get(entry) ?? '');
  const module = file && checker.getSymbolAtLocation(file);
  if (!file || !module) throw new Error(`tsconfig.json has no entry ${entry}.`);
  const resolve = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const exported = checker.getExportsOfModule(module);
  const whole = exported.find(({ name }) => name === 'default');
  const order = whole ? checker.getTypeOfSymbol(resolve(whole)).getProperties() : [];
  const rank = (name: string) => order.findIndex(each => each.name === name) >>> 0;
  return exported
    .filter(({ name }) => name !== 'default')
    .flatMap(symbol => {
      const [signature] = checker.getTypeOfSymbol(resolve(symbol)).getCallSignatures();
      if (!signature) return [];
      const own = ts.displayPartsToString(resolve(symbol).getDocumentationComment(checker));
      const member = order.find(({ name }) => name === symbol.name);
      const inherited = member && ts.displayPartsToString(member.getDocumentationComment(checker));
      const parameters = signature.getParameters().flatMap(({ name, valueDeclaration }) => {
        const { questionToken, initializer, dotDotDotToken } = valueDeclaration as ts.ParameterDeclaration;
        // One that is taken apart where it is declared has no name.
        const shown = name.startsWith('__') ? 'options' : name;
        return dotDotDotToken ? [] : [`${shown}${questionToken || initializer ? '?' : ''}`];
      });
      return {
        name: symbol.name,
        kind: `(${parameters.join(', ')})`,
        text: inOneLine(own || inherited || ''),
      };
    })
    .sort((a, b) => rank(a.name) - rank(b.name));
}
