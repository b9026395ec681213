import { shift, type Span } from '../../../base/span.ts';
import { textOf, type State } from '../analysis/check/state.ts';
import type { SpanRepair } from '../problem.ts';
import type { Block, Expr, For, Let, Stmt } from '../syntax/ast.ts';

export function edit(state: State, title: string, at: Span, newText: string): SpanRepair {
  return { title, sure: false, edits: [{ span: shift(at, state.base), newText }] };
}

/** `let $x = 1;` without its `let` and type; a `let` that assigns nothing goes as a whole. */
export function withoutLet(state: State, statement: Let): SpanRepair {
  if (!statement.value) return edit(state, 'Remove the declaration', wholeLine(state, statement), '');
  const { target, value } = statement;
  return {
    title: 'Remove let',
    sure: false,
    edits: [
      { span: shift({ start: statement.start, end: target.start }, state.base), newText: '' },
      ...(statement.type ? [{ span: shift({ start: target.end, end: value.start }, state.base), newText: ' = ' }] : []),
    ],
  };
}

/** A statement with its semicolon, and its line when nothing else stands there. */
function wholeLine(state: State, at: Span): Span {
  const { text } = state.document;
  let start = state.base + at.start;
  let end = state.base + at.end;
  const semicolon = /^\s*;/.exec(text.slice(end))?.[0].length ?? 0;
  end += semicolon;
  const before = /(?:^|\n)[ \t]*$/.exec(text.slice(0, start));
  const after = /^[ \t]*(?:\r?\n)/.exec(text.slice(end));
  if (before && after) {
    start -= before[0].replace('\n', '').length;
    end += after[0].length;
  }
  return { start: start - state.base, end: end - state.base };
}

/** A loop over numbers as a `while` loop, which every version has. A `continue` would skip the counting. */
export function asWhile(state: State, statement: For): readonly SpanRepair[] {
  const { variable, over, to, body } = statement;
  if (!to || jumps(body)) return [];
  const { name } = variable;
  const indent = /(?:^|\n)([ \t]*)[^\n]*$/.exec(state.document.text.slice(0, state.base + statement.start))?.[1] ?? '';
  const inner = textOf(state, body);
  const oneLine = !inner.includes('\n');
  return [
    {
      title: 'Write as a while loop',
      sure: false,
      edits: [
        { span: shift({ start: statement.start, end: body.start }, state.base), newText: `${name} = ${textOf(state, over)};${oneLine ? ' ' : `\n${indent}`}while (${name} < ${textOf(state, to)}) ` },
        { span: shift({ start: body.end - 1, end: body.end }, state.base), newText: oneLine ? `${name}++; }` : `  ${name}++;\n${indent}}` },
      ],
    },
  ];
}

function jumps(body: Block): boolean {
  const inStatement = (s: Stmt): boolean => {
    switch (s.kind) {
      case 'jump':
        return s.what === 'continue';
      case 'if':
        return jumps(s.then) || (s.otherwise !== undefined && (s.otherwise.kind === 'block' ? jumps(s.otherwise) : inStatement(s.otherwise)));
      case 'block':
        return jumps(s);
      default:
        return false;
    }
  };
  return body.statements.some(inStatement);
}

/** A duration as the nanoseconds it stands for. */
export function inNanoseconds(state: State, expr: Extract<Expr, { kind: 'integer' }>): SpanRepair {
  return edit(state, `Replace with ${expr.value}`, expr, String(expr.value));
}
