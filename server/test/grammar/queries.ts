import { readFileSync } from 'node:fs';
import Parser from 'tree-sitter';
import type { Assertion } from './assertions.ts';
import { grammar, language, parse } from './native.ts';

interface Captured {
  readonly name: string;
  readonly pattern: number;
  readonly node: Parser.SyntaxNode;
}

export const query = (name: string): Parser.Query => new Parser.Query(language, readFileSync(grammar(`queries/${name}.scm`), 'utf8'));

export const captured = (program: string, of: Parser.Query): Captured[] =>
  of.matches(parse(program).rootNode).flatMap(({ pattern, captures }) => captures.map(({ name, node }) => ({ name, pattern, node })));

/** The capture at a place: of the smallest node there, and among several the one of the last pattern. */
export function captureAt(all: readonly Captured[], { row, column }: Assertion): string | undefined {
  const holds = ({ node: { startPosition: from, endPosition: to } }: Captured): boolean =>
    (from.row < row || (from.row === row && from.column <= column)) && (to.row > row || (to.row === row && to.column > column));
  const size = ({ node }: Captured): number => node.endIndex - node.startIndex;
  return all.filter(holds).sort((a, b) => size(a) - size(b) || b.pattern - a.pattern)[0]?.name;
}
