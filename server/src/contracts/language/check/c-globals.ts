import type { Span } from '../../../base/span.ts';
import { child } from '../../../language/bpftrace/syntax/cst.ts';
import { inC, type CDocument, type PlacedCItem } from '../../../language/bpfc/syntax/document.ts';

/** What a C program declares at top level. */
export interface Global {
  readonly kind: 'map' | 'global' | 'function' | 'constant';
  readonly span: Span;
  /** Type of a variable, of a map's values; what a macro stands for. As it is written. */
  readonly value: string | undefined;
  /** Type of a map's keys. */
  readonly key?: string;
}

/** The names a C program declares at top level. */
export function globalsOfC({ items }: CDocument): ReadonlyMap<string, Global> {
  const found = new Map<string, Global>();
  for (const placed of items) addItem(found, placed);
  return found;
}

function addItem(found: Map<string, Global>, placed: PlacedCItem): void {
  const { declaration, text } = placed.item;
  switch (declaration.kind) {
    case 'map': {
      const type = (key: string): string | undefined => declaration.entries.find((entry) => entry.macro === '__type' && entry.key === key)?.value;
      const key = type('key');
      found.set(declaration.name, { kind: 'map', span: inC(placed, declaration.nameSpan), value: type('value'), ...(key === undefined ? {} : { key }) });
      return;
    }
    case 'variable': {
      const type = /^[^=;]*?((?:(?:struct|union|enum|unsigned|signed|long|short)\s+)*\w+[\s*]*?)$/.exec(text.slice(0, declaration.nameSpan.start).replace(/\b(?:const|volatile|static|extern)\b/g, ' ').trim())?.[1];
      const array = text.slice(declaration.nameSpan.end).trimStart().startsWith('[');
      found.set(declaration.name, { kind: 'global', span: inC(placed, declaration.nameSpan), value: array ? undefined : type });
      return;
    }
    case 'function':
      found.set(declaration.name, { kind: 'function', span: inC(placed, declaration.nameSpan), value: undefined });
      return;
    case 'directive': {
      const define = /^#\s*define\s+(\w+)(?:[ \t]+([^\n]*))?/.exec(text);
      if (define?.[1] === undefined) return;
      const start = text.indexOf(define[1], define[0].search(/define/) + 6);
      found.set(define[1], { kind: 'constant', span: inC(placed, { start, end: start + define[1].length }), value: (define[2] ?? '').replace(/\/[/*].*$/, '').trim() });
      return;
    }
    case 'other':
      addEnumerators(found, placed);
  }
}

/** By name; what they stand for is known with the types. */
function addEnumerators(found: Map<string, Global>, placed: PlacedCItem): void {
  const { text, tree } = placed.item;
  if (!/\benum\b/.test(text)) return;
  for (const node of tree?.children ?? []) {
    const list = [node, ...node.children].find(({ type }) => type === 'enum_specifier');
    for (const member of (list && child(list, 'body'))?.children ?? []) {
      const name = member.type === 'enumerator' ? child(member, 'name') : undefined;
      if (name) found.set(text.slice(name.start, name.end), { kind: 'constant', span: inC(placed, name), value: undefined });
    }
  }
}
