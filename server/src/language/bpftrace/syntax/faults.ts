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
  const visit = (node: Cst, place: Place, end: number): void => {
    if (found.length >= MAX_FAULTS) return;
    const fault = faultOf(text, node, place, end);
    if (fault) found.push(fault);
    if (node.type === 'ERROR') return;
    let last = end;
    for (let index = 0; index < node.children.length; index++) {
      const part = node.children[index];
      if (!part) continue;
      visit(part, { parent: node, index }, last);
      if (part.end > part.start) last = part.end;
    }
  };
  visit(root, { parent: root, index: 0 }, 0);
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
function faultOf(text: string, node: Cst, place: Place, end: number): Fault | undefined {
  if (node.type === 'ERROR') return errorFault(text, node, place);
  const what = node.missing ? node.type : STANDS_IN[node.type];
  if (what !== undefined) return missingFault(text, what, end);
  return strictFault(text, node, place.parent.children[place.index - 1]);
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

/** Where a node stands. */
interface Place {
  readonly parent: Cst;
  readonly index: number;
}

function errorFault(text: string, node: Cst, place: Place): Fault {
  const span = firstLine(text, node);
  const habit = habitAt(text, span, place.parent.type);
  const found = text.slice(span.start, span.end);
  return { code: 'syntax-error', message: habit?.message ?? explain(found, place), span, evidence: [], ...(habit?.repair && { repair: habit.repair }) };
}

function explain(found: string, { parent, index }: Place): string {
  const before = parent.children[index - 1];
  const after = parent.children[index + 1];
  const [keyword] = /^(?:if|while|unroll|for|else)\b/.exec(found) ?? [];
  if (keyword === 'else') return before?.type === 'if_statement' ? 'Expected { or if after else.' : 'This else belongs to no if.';
  if (keyword) return `This ${keyword} has no block: expected {`;
  const word = /^(?:[$@]?\w+|"[^"]*")/.exec(found)?.[0];
  const separator = parent.type === 'block' ? ';' : 'a comma';
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
