import type { Span } from '../../../base/span.ts';
import type { StructuralFault } from './brackets.ts';
import type { Cst } from './cst.ts';
import type { Fault } from './document.ts';
import { habitAt, habitBefore } from './habits.ts';
import { lineEnd } from './lex.ts';
import { strictFault } from './strict.ts';

const MAX_FAULTS = 20;

/**
 * What the parser could not read behind `from`, in words, without what only repeats a structural fault or another fault
 * on its line.
 */
export function syntaxFaults(text: string, root: Cst, known: readonly StructuralFault[], from: number): Fault[] {
  const quiet = known.map((fault) => fault.quiet);
  const found: Fault[] = [];
  const visit = (node: Cst, end: number, around: Around): void => {
    if (found.length >= MAX_FAULTS) return;
    const fault = faultOf(text, node, end, around);
    if (fault) found.push(fault);
    if (node.type === 'ERROR') return;
    let last = end;
    for (const [index, part] of node.children.entries()) {
      visit(part, last, { parent: node.type, before: node.children[index - 1], after: node.children[index + 1] });
      if (part.end > part.start) last = part.end;
    }
  };
  visit(root, 0, { parent: '', before: undefined, after: undefined });
  return onePerLine(text, found.filter(({ span }) => span.end > from && !quiet.some((q) => span.start <= q.end && q.start <= span.end && !(q.start === q.end && span.end > span.start))));
}

function onePerLine(text: string, faults: readonly Fault[]): Fault[] {
  const kept: Fault[] = [];
  let end = -1;
  for (const fault of faults.toSorted((a, b) => a.span.start - b.span.start)) {
    if (fault.span.start <= end) continue;
    kept.push(fault);
    end = lineEnd(text, fault.span.start, text.length);
  }
  return kept;
}

/** `end` is the end of the last token before the node. */
function faultOf(text: string, node: Cst, end: number, around: Around): Fault | undefined {
  if (node.type === 'ERROR') return errorFault(text, node, around);
  const what = node.missing ? node.type : STANDS_IN[node.type];
  if (what !== undefined) return missingFault(text, what, end);
  return strictFault(text, node, around.before);
}

/** Nodes of the grammar for what is not there. */
const STANDS_IN: Readonly<Record<string, string>> = {
  missing_expression: 'expression',
  missing_name: 'identifier',
  missing_block: '{',
  missing_open_brace: '{',
  missing_brace: '}',
  missing_paren: ')',
  missing_bracket: ']',
  missing_slash: '/',
  missing_semicolon: ';',
  unterminated_string: '"',
  unterminated_comment: '*/',
};

/** What the grammar's tokens are called. */
const SPOKEN: Readonly<Record<string, string>> = {
  expression: 'an expression',
  identifier: 'a name or a value',
  type_identifier: 'a type',
  field_identifier: 'a field name',
  variable: 'a variable',
  map: 'a map',
  integer: 'a number',
  string: 'a string',
};

function missingFault(text: string, what: string, at: number): Fault {
  const span = { start: at, end: at };
  const habit = what === ';' ? habitBefore(text, at) : undefined;
  if (habit) return { code: 'syntax-error', message: habit.message, span, evidence: [] };
  const repair = { title: `Add ${what}`, span, newText: what };
  if (what === ';') return { code: 'syntax-error', message: 'Expected ; here.', span, evidence: [], repair };
  const spoken = SPOKEN[what];
  if (spoken !== undefined || /\w/.test(what)) return { code: 'syntax-error', message: `Expected ${spoken ?? 'something'} here.`, span, evidence: [] };
  return { code: 'syntax-error', message: `Expected ${what} here.`, span, evidence: [], repair };
}

/** What stands around a node in its parent. */
interface Around {
  readonly parent: string;
  readonly before: Cst | undefined;
  readonly after: Cst | undefined;
}

function errorFault(text: string, node: Cst, around: Around): Fault {
  const span = firstLine(text, node);
  const habit = habitAt(text, span, around.parent);
  const found = text.slice(span.start, span.end);
  return { code: 'syntax-error', message: habit?.message ?? explain(found, around), span, evidence: [], ...(habit?.repair && { repair: habit.repair }) };
}

function explain(found: string, { parent, before, after }: Around): string {
  const [keyword] = /^(?:if|while|unroll|for|else)\b/.exec(found) ?? [];
  if (keyword === 'else') return before?.type === 'if_statement' ? 'Expected { or if after else.' : 'This else belongs to no if.';
  if (keyword) return `This ${keyword} has no block: expected {`;
  const word = /^(?:[$@]?\w+|"[^"]*")/.exec(found)?.[0];
  const separator = parent === 'block' ? ';' : 'a comma';
  if (word !== undefined && isOperand(before)) return `Expected an operator or ${separator} before ${word}`;
  if (word === found && isOperand(after)) return `Expected an operator or ${separator} after ${word}`;
  return found === '' ? 'This cannot be read.' : `Unexpected ${found.length > 30 ? `${found.slice(0, 30)}…` : found}`;
}

/** A node of the grammar, not a bracket or an operator. */
function isOperand(node: Cst | undefined): boolean {
  return node !== undefined && /\w/.test(node.type);
}

/** The first line of a text that says something. */
function firstLine(text: string, { start, end }: Span): Span {
  const from = start + (/^\s*/.exec(text.slice(start, end))?.[0].length ?? 0);
  return { start: from, end: Math.max(from, Math.min(end, lineEnd(text, from, text.length))) };
}
