import Parser from 'tree-sitter';
import { grammar, language, parse } from './native.ts';
import { readFileSync } from 'node:fs';

/** What a program says of itself: at this place of it, the query gives this capture. */
export interface Assertion {
  /** From zero. */
  readonly row: number;
  readonly column: number;
  readonly capture: string;
}

const CARETS = /^\s*\/\/\s*(\^+|<-)\s*([\w.]+)$/;

/**
 * Reads the assertions of a program. Each is a comment of its own line and speaks of the last line that is none:
 * `// ^^^ name` of the columns under its carets, `// <- name` of the column that its slashes stand in.
 */
export function assertions(program: string): Assertion[] {
  let row = 0;
  return program.split('\n').flatMap((line, index) => {
    const [, mark, capture] = CARETS.exec(line) ?? [];
    if (mark === undefined || capture === undefined) {
      row = index;
      return [];
    }
    const at = mark === '<-' ? line.indexOf('//') : line.indexOf('^');
    const columns = mark === '<-' ? [at] : [...mark].map((_, offset) => at + offset);
    return columns.map((column) => ({ row, column, capture }));
  });
}

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
