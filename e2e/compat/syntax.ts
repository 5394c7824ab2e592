import { type AnyNode, type Literal, parse } from 'acorn';
import { fullAncestor } from 'acorn-walk';

/** Syntax that not every browser with `class` has, by its node; each returns paths in MDN's data. */
const SYNTAX: {
  [K in AnyNode['type']]?: (node: Extract<AnyNode, { type: K }>, ancestors: AnyNode[]) => string[];
} = {
  StaticBlock: () => ['javascript.classes.static.initialization_blocks'],
  PropertyDefinition: node => [
    node.static ? 'javascript.classes.static.class_fields' : 'javascript.classes.public_class_fields',
  ],
  PrivateIdentifier: (_, ancestors) =>
    ancestors.at(-2)?.type === 'BinaryExpression'
      ? ['javascript.classes.private_class_fields_in']
      : ancestors.at(-2)?.type === 'MethodDefinition'
        ? ['javascript.classes.private_class_methods']
        : ['javascript.classes.private_class_fields'],
  ChainExpression: () => ['javascript.operators.optional_chaining'],
  LogicalExpression: ({ operator }) => (operator === '??' ? ['javascript.operators.nullish_coalescing'] : []),
  AssignmentExpression: ({ operator }) =>
    ({
      '??=': ['javascript.operators.nullish_coalescing_assignment'],
      '||=': ['javascript.operators.logical_or_assignment'],
      '&&=': ['javascript.operators.logical_and_assignment'],
      '**=': ['javascript.operators.exponentiation_assignment'],
    })[operator as string] ?? [],
  AwaitExpression: (_, ancestors) =>
    ancestors.some(({ type }) => type.includes('Function')) ? [] : ['javascript.operators.await.top_level'],
  ImportExpression: () => ['javascript.operators.import'],
  MetaProperty: ({ meta }) => (meta.name === 'import' ? ['javascript.operators.import_meta'] : []),
  CatchClause: ({ param }) => (param ? [] : ['javascript.statements.try_catch.optional_catch_binding']),
  ForOfStatement: node => (node.await ? ['javascript.statements.for_await_of'] : []),
  ExportAllDeclaration: ({ exported }) => (exported ? ['javascript.statements.export.namespace'] : []),
  Literal: node => literalSyntax(node),
};

/** Flags and groups of a regular expression, by what stands in it. */
const PATTERNS: [pattern: RegExp, path: string][] = [
  [/\(\?<[=!]/, 'javascript.regular_expressions.lookbehind_assertion'],
  [/\(\?<\w/, 'javascript.regular_expressions.named_capturing_group'],
  [/\\[pP]\{/, 'javascript.regular_expressions.unicode_character_class_escape'],
  [/\(\?[a-z-]+:/, 'javascript.regular_expressions.modifier'],
];
const FLAGS: Record<string, string> = {
  d: 'javascript.builtins.RegExp.hasIndices',
  s: 'javascript.builtins.RegExp.dotAll',
  v: 'javascript.builtins.RegExp.unicodeSets',
  y: 'javascript.builtins.RegExp.sticky',
};

function literalSyntax({ regex, bigint, value, raw = '' }: Literal): string[] {
  if (bigint) return ['javascript.builtins.BigInt'];
  if (typeof value === 'number' && raw.includes('_')) return ['javascript.grammar.numeric_separators'];
  if (!regex) return [];
  const flags = [...regex.flags].flatMap(flag => FLAGS[flag] ?? []);
  return [...flags, ...PATTERNS.filter(([pattern]) => pattern.test(regex.pattern)).map(([, path]) => path)];
}

/**
 * Lists the syntax of a script by its paths in MDN's data, as far as there are browsers without it. Throws where a script
 * is no ECMAScript 2022: what came later is newer than every browser of the table.
 */
export function listSyntax(code: string, sourceType: 'script' | 'module'): string[] {
  const found = new Set<string>();
  fullAncestor(parse(code, { ecmaVersion: 2022, sourceType }), (node, _, ancestors) => {
    const { type } = node as AnyNode;
    const list = SYNTAX[type] as ((node: AnyNode, ancestors: AnyNode[]) => string[]) | undefined;
    for (const path of list?.(node as AnyNode, ancestors as AnyNode[]) ?? []) found.add(path);
  });
  return [...found].sort();
}
