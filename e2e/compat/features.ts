import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { findFeature } from './support.ts';

/** The code of the packages within the script tags. The compiler would read their types alone. */
const PACKAGES = ['js-cookie/dist/js.cookie.mjs', 'idb-keyval/dist/index.js'].map(path =>
  fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url)),
);

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  allowImportingTsExtensions: true,
  allowJs: true,
  checkJs: false,
  strict: true,
  noEmit: true,
};

/** Lists the names under which a type is known, its own first, then those it inherits from. */
function namesOf(checker: ts.TypeChecker, type: ts.Type): string[] {
  if (type.isUnionOrIntersection()) return type.types.flatMap(each => namesOf(checker, each));
  const apparent = checker.getApparentType(type);
  const own = (apparent.aliasSymbol ?? apparent.symbol)?.name ?? '';
  const bases = apparent.isClassOrInterface() ? checker.getBaseTypes(apparent) : [];
  return [own, ...bases.flatMap(base => namesOf(checker, base))].filter(name => /^\w+$/.test(name));
}

/** The path of a member in MDN's data: of an instance, or of the class itself. */
function pathOf(owners: readonly string[], name: string, isStatic: boolean): string | undefined {
  const candidates = owners.flatMap(owner => [
    `api.${owner}.${name}${isStatic ? '_static' : ''}`,
    `javascript.builtins.${owner}.${name}`,
  ]);
  return candidates.find(findFeature);
}

const globalPath = (name: string) =>
  [`api.${name}`, `api.Window.${name}`, `javascript.builtins.${name}`].find(findFeature);

function memberPath(checker: ts.TypeChecker, owner: ts.Node, name: string): string | undefined {
  const type = checker.getTypeAtLocation(owner);
  // A class itself has no name of its own in the compiler's library: `AbortSignal` of `AbortSignal.timeout`.
  const isStatic = ts.isIdentifier(owner) && checker.getPropertyOfType(type, 'prototype') !== undefined;
  return pathOf(isStatic ? [owner.text] : namesOf(checker, type), name, isStatic);
}

/** The node whose type owns a name: of `a.b` that is `a`, and so it is of `const { b } = a`. */
function ownerOf({ parent }: ts.Identifier): ts.Node | undefined {
  if (ts.isPropertyAccessExpression(parent)) return parent.expression;
  if (!ts.isBindingElement(parent)) return undefined;
  const pattern = parent.parent;
  return (ts.isVariableDeclaration(pattern.parent) && pattern.parent.initializer) || pattern;
}

/**
 * Lists what a program's files use of the browser and of the language's library, by its paths in MDN's data. The compiler
 * tells whose a member is: `at` of an array is one feature, and `at` of a campaign is none. Names in texts
 * (`'locks' in navigator`) and fields of options are not seen.
 */
export function listFeatures(entries: readonly string[]): Map<string, string> {
  const program = ts.createProgram([...entries, ...PACKAGES], OPTIONS);
  const checker = program.getTypeChecker();
  const found = new Map<string, string>();
  const isPlatform = (symbol: ts.Symbol | undefined) =>
    symbol?.declarations?.some(each => program.isSourceFileDefaultLibrary(each.getSourceFile())) ?? false;
  const visit = (node: ts.Node): void => {
    // What is a type alone is not there any more when the code runs.
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isIdentifier(node) && !ts.isPropertyAssignment(node.parent)) note(node);
    ts.forEachChild(node, visit);
  };
  const globalPathOf = (node: ts.Identifier) =>
    isPlatform(checker.getSymbolAtLocation(node)) ? globalPath(node.text) : undefined;
  const note = (node: ts.Identifier) => {
    const isShort = ts.isBindingElement(node.parent) && node.parent.propertyName !== undefined;
    if (isShort && node.parent.propertyName !== node) return;
    const owner = ownerOf(node);
    if (owner === node) return;
    const path = owner ? memberPath(checker, owner, node.text) : globalPathOf(node);
    if (path && !found.has(path))
      found.set(path, node.getSourceFile().fileName.replace(/^.*\/(?=src\/|node_modules\/)/, ''));
  };
  for (const file of program.getSourceFiles())
    if (!file.isDeclarationFile && !program.isSourceFileDefaultLibrary(file)) visit(file);
  return found;
}
