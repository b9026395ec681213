import { child, type Cst } from '../../language/bpftrace/syntax/cst.ts';
import type { CDocument, PlacedCItem } from '../../language/bpfc/syntax/document.ts';
import type { Shown } from '../ir/ir.ts';
import { localsOfC } from '../language/check/c-locals.ts';
import type { Edit } from './edits.ts';
import type { LinesOf } from './lines.ts';
import type { Mark, Marks } from './marks.ts';

const UNSIGNED = /^(?:(?:const|volatile)\s+)*(?:__)?(?:u|be|le)(8|16|32|64)$/;
const SIGNED = /^(?:(?:const|volatile)\s+)*(?:__)?s(8|16|32|64)$/;
const NAMED: Readonly<Record<string, readonly [bits: number, signed: boolean]>> = {
  'int': [32, true], 'unsigned int': [32, false], 'unsigned': [32, false], 'long': [64, true], 'unsigned long': [64, false], 'long long': [64, true], 'unsigned long long': [64, false], 'short': [16, true], 'unsigned short': [16, false],
  'char': [8, true], 'unsigned char': [8, false], 'size_t': [64, false], 'bool': [8, false], 'pid_t': [32, true], 'uid_t': [32, false],
};

/** Bits and sign of a type as it is written; undefined for what is no plain number. */
export function numberType(type: string): { readonly bits: number; readonly signed: boolean } | undefined {
  const unsigned = UNSIGNED.exec(type)?.[1];
  if (unsigned !== undefined) return { bits: Number(unsigned), signed: false };
  const signed = SIGNED.exec(type)?.[1];
  if (signed !== undefined) return { bits: Number(signed), signed: true };
  const named = NAMED[type];
  return named && { bits: named[0], signed: named[1] };
}

/** Marks the value that each variable of a function is given, so that a counterexample tells it. */
export function assignments({ text }: CDocument, placed: PlacedCItem, marks: Marks, lines: LinesOf): readonly Edit[] {
  const locals = localsOfC(placed);
  const edits: Edit[] = [];
  const mark = (name: string, node: Cst): { readonly mark: Mark } | undefined => {
    const type = locals.findLast((local) => local.name === name && local.span.start <= placed.start + node.end)?.type;
    const number = type === undefined ? undefined : type.endsWith('*') ? { bits: 64, signed: false } : numberType(type);
    if (!number || type === undefined) return undefined;
    const shown: Shown | undefined = type.endsWith('*') ? { base: 16 } : number.signed ? { signed: true } : undefined;
    return { mark: { kind: 'set', name, bits: number.bits, span: { start: placed.start + node.start, end: placed.start + node.end }, ...(shown && { shown }) } };
  };
  const add = (name: string, node: Cst, around: Cst, form: (call: string) => readonly [string, string]): void => {
    const made = mark(name, node);
    if (!made) return;
    const [before, after] = form(marks.call(made.mark, name));
    edits.push({ span: { start: placed.start + around.start, end: placed.start + around.end }, before, after, line: lines.line(placed.start + node.start), optional: true });
  };
  const visit = (node: Cst, parent: Cst | undefined): void => {
    if (node.type === 'declaration' && parent?.type === 'compound_statement' && !/^\s*static\b/.test(text.slice(placed.start + node.start, placed.start + node.end))) {
      for (const declarator of node.children) if (declarator.type === 'init_declarator') add(nameOf(declarator, text, placed), declarator, node, (call) => ['', ` ${call};`]);
    }
    const inner = node.children[0];
    if (node.type === 'expression_statement' && inner?.type === 'assignment_expression') {
      const left = child(inner, 'left');
      if (left?.type === 'identifier') add(text.slice(placed.start + left.start, placed.start + left.end), inner, inner, (call) => ['({ ', `; ${call}; })`]);
    }
    for (const next of node.children) visit(next, node);
  };
  if (placed.item.tree) visit(placed.item.tree, undefined);
  return edits;
}

function nameOf(declarator: Cst, text: string, placed: PlacedCItem): string {
  let at = child(declarator, 'declarator');
  while (at?.type === 'pointer_declarator') at = child(at, 'declarator');
  return at?.type === 'identifier' ? text.slice(placed.start + at.start, placed.start + at.end) : '';
}
