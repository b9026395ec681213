import { resolve, type CField, type CStruct } from '../../../kernel/ctype.ts';
import type { CAnalysis, CProgram } from '../analysis/analyze.ts';
import { inC, itemAt, type PlacedCItem } from '../syntax/document.ts';
import type { CFunctionItem } from '../syntax/item.ts';
import { tokens, type CToken } from '../syntax/tokens.ts';
import { structInRead } from './call.ts';
import { structBefore, tokensBefore } from './expression.ts';

/** The token at an offset, in offsets of the document; undefined in white space and comments. */
export function tokenAt({ document }: CAnalysis, offset: number): CToken | undefined {
  const placed = itemAt(document, offset);
  if (!placed) return undefined;
  let touching: CToken | undefined;
  for (const token of tokens(placed.item.text)) {
    const at = { ...token, ...inC(placed, token) };
    if (at.start > offset) break;
    // At the border of two, the word is meant.
    if (offset <= at.end && (!touching || at.kind === 'word')) touching = at;
  }
  return touching;
}

/** Whether text is written at an offset that is code: no comment, no text in quotes, no directive. */
export function inCode({ document }: CAnalysis, offset: number): boolean {
  const placed = itemAt(document, offset);
  if (!placed || placed.item.declaration.kind === 'directive') return false;
  const before = placed.item.text.slice(0, offset - placed.start);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  if (/^\s*#/.test(line) || /\/\//.test(line.replace(/"(?:[^"\\]|\\.)*"?/g, ''))) return false;
  return before.lastIndexOf('/*') <= before.lastIndexOf('*/') && (line.replace(/\\./g, '').split('"').length - 1) % 2 === 0;
}

/** The function whose body or parameters an offset is in. */
export function functionAt({ document }: CAnalysis, offset: number): { readonly placed: PlacedCItem; readonly fn: CFunctionItem } | undefined {
  const placed = itemAt(document, offset);
  const declaration = placed?.item.declaration;
  return placed && declaration?.kind === 'function' ? { placed, fn: declaration } : undefined;
}

/** The programs that the code at an offset is part of. */
export function programsAt(analysis: CAnalysis, offset: number): readonly CProgram[] {
  const at = functionAt(analysis, offset);
  return at ? analysis.reachedBy(at.fn.name) : [];
}

/** The kernel's struct whose member is named at an offset, before the word there: by `->`, by `.`, in a macro that reads a chain. */
export function structOf(analysis: CAnalysis, offset: number): CStruct | undefined {
  const placed = itemAt(analysis.document, offset);
  if (!placed) return undefined;
  const all = tokensBefore(placed, offset);
  return structBefore(analysis, placed.item, all) ?? structInRead(analysis, placed.item, all);
}

/** The fields of a struct that can be named, those of anonymous ones in it too. */
export function namedFields(struct: CStruct, depth = 0): CField[] {
  return struct.fields().flatMap((field) => {
    if (field.name !== '') return [field];
    const inner = resolve(field.type());
    return depth < 8 && (inner.kind === 'struct' || inner.kind === 'union') ? namedFields(inner, depth + 1).map((f) => ({ ...f, type: () => f.type(), bitOffset: f.bitOffset + field.bitOffset })) : [];
  });
}
