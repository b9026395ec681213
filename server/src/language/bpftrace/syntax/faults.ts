import type { Span } from '../../../base/span.ts';
import type { StructuralFault } from './brackets.ts';
import type { Cst } from './cst.ts';
import type { Fault } from './document.ts';
import { lineEnd } from './lex.ts';

const MAX_FAULTS = 20;

/** What the parser could not read, in words, without what only repeats a structural fault or another fault on its line. */
export function syntaxFaults(text: string, root: Cst, known: readonly StructuralFault[]): Fault[] {
  const quiet = known.map((fault) => fault.quiet);
  const found: Fault[] = [];
  const visit = (node: Cst, end: number, before?: Cst): void => {
    if (found.length >= MAX_FAULTS) return;
    if (node.missing) found.push(missingFault(node, end));
    else if (node.type === 'ERROR') found.push(errorFault(text, node, before));
    if (node.type === 'ERROR') return;
    let last = end;
    for (const [index, part] of node.children.entries()) {
      visit(part, last, node.children[index - 1]);
      if (part.end > part.start) last = part.end;
    }
  };
  visit(root, 0);
  return onePerLine(text, found.filter(({ span }) => !quiet.some((q) => span.start <= q.end && q.start <= span.end && !(q.start === q.end && span.end > span.start))));
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

/** What the grammar's tokens are called. */
const SPOKEN: Readonly<Record<string, string>> = {
  identifier: 'a name',
  type_identifier: 'a type',
  field_identifier: 'a field name',
  variable: 'a variable',
  map: 'a map',
  integer: 'a number',
  string: 'a string',
  attach_point_part: 'the rest of the attach point',
};

/** `before` is the end of the last token that is there. */
function missingFault(node: Cst, before: number): Fault {
  const span = { start: before, end: before };
  if (node.type === ';') return { code: 'syntax-error', message: 'Expected ; after this statement.', span, evidence: [], repair: { title: 'Add ;', span, newText: ';' } };
  const spoken = SPOKEN[node.type];
  if (spoken !== undefined || /\w/.test(node.type)) return { code: 'syntax-error', message: `Expected ${spoken ?? 'something'} here.`, span, evidence: [] };
  return { code: 'syntax-error', message: `Expected ${node.type} here.`, span, evidence: [], repair: { title: `Add ${node.type}`, span, newText: node.type } };
}

/** `before` is what stands before it in the same parent. */
function errorFault(text: string, node: Cst, before: Cst | undefined): Fault {
  const span = firstLine(text, node);
  const found = text.slice(span.start, span.end);
  return { code: 'syntax-error', message: explain(found, before?.type ?? ''), span, evidence: [] };
}

function explain(found: string, before: string): string {
  const [keyword] = /^(?:if|while|unroll|for|else)\b/.exec(found) ?? [];
  if (keyword === 'else') return before === 'if_statement' ? 'Expected { or if after else.' : 'This else belongs to no if.';
  if (keyword) return `This ${keyword} has no block: expected {`;
  const word = /^(?:[$@]?\w+|"[^"]*")/.exec(found)?.[0];
  const short = found.length > 30 ? `${found.slice(0, 30)}…` : found;
  if (word !== undefined && before !== '' && /\w/.test(before)) return `Expected an operator${before.endsWith('_statement') || before === 'assignment' ? ' or ;' : ' or a comma'} before ${word}`;
  return `Unexpected ${short}`;
}

function firstLine(text: string, { start, end }: Span): Span {
  return { start, end: Math.max(start, Math.min(end, lineEnd(text, start, text.length))) };
}
