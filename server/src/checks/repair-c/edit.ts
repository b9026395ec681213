import type { Repair } from '../finding.ts';
import { isStatement, type CNode, type CSource } from './c-source.ts';

/** A change of the text, in its offsets. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** A repair that nobody has tried yet. */
export interface Candidate {
  readonly title: string;
  readonly edits: readonly Edit[];
}

export function candidate(title: string, ...edits: readonly Edit[]): Candidate {
  return { title, edits };
}

export function replace({ start, end }: Pick<Edit, 'start' | 'end'>, newText: string): Edit {
  return { start, end, newText };
}

export function insert(at: number, newText: string): Edit {
  return { start: at, end: at, newText };
}

/** Whether statements may stand before and behind this one. */
export function inBlock(statement: CNode): boolean {
  return statement.parent?.type === 'compound_statement' || statement.parent?.type === 'case_statement';
}

/** Lines as a block's text: each with the indentation. */
function lines(code: readonly string[], indent: string): string {
  return code.map((line) => (line === '' ? '' : `${indent}${line}`)).join('\n');
}

/** Puts lines before a statement; one without braces around it gets them. */
export function before(source: CSource, statement: CNode, code: readonly string[]): Edit {
  const indent = source.indentAt(statement.start);
  if (inBlock(statement)) return insert(statement.start, `${lines(code, indent).trimStart()}\n${indent}`);
  return braced(source, statement, [...code, source.of(statement)]);
}

export function after(source: CSource, statement: CNode, code: readonly string[]): Edit {
  const indent = source.indentAt(statement.start);
  if (inBlock(statement)) return insert(statement.end, `\n${lines(code, indent)}`);
  return braced(source, statement, [source.of(statement), ...code]);
}

/** Replaces a statement by several. */
export function instead(source: CSource, statement: CNode, code: readonly string[]): Edit {
  if (inBlock(statement)) return replace(statement, lines(code, source.indentAt(statement.start)).trimStart());
  return braced(source, statement, code);
}

/** `if (x) s;` with braces around several statements; they begin behind the `)` or the `else`. */
function braced(source: CSource, statement: CNode, code: readonly string[]): Edit {
  const head = source.indentAt(statement.parent?.start ?? statement.start);
  const gap = /\s*$/.exec(source.text.slice(0, statement.start))?.[0].length ?? 0;
  return { start: statement.start - gap, end: statement.end, newText: ` {\n${lines(code, `${head}${source.indent}`)}\n${head}}` };
}

/** A statement taken away with its line; one without braces around it leaves an empty one. */
export function withoutStatement(source: CSource, statement: CNode): Edit {
  if (statement.parent?.type !== 'compound_statement') return replace(statement, ';');
  const start = source.text.lastIndexOf('\n', statement.start - 1);
  return { start: source.text.slice(start, statement.start).trim() === '' ? start : statement.start, end: statement.end, newText: '' };
}

/** The statement around an expression that others can be put before: not the one in a loop's head. */
export function statementOf(node: CNode): CNode | undefined {
  for (let at: CNode | undefined = node; at; at = at.parent) {
    if (isStatement(at) && at.parent?.type !== 'for_statement') return at;
    if (isStatement(at) && at.field === 'body') return at;
  }
  return undefined;
}

export function asRepair(source: CSource, { title, edits }: Candidate): Repair {
  return { title, sure: false, edits: edits.map(({ start, end, newText }) => ({ range: source.lines.range({ start, end }), newText })) };
}
