import { findField, resolve, type CStruct, type CType } from '../../../kernel/ctype.ts';
import { helperNamed } from '../catalogue/helpers.ts';
import type { CAnalysis } from '../analysis/analyze.ts';
import type { PlacedCItem } from '../syntax/document.ts';
import type { CItem } from '../syntax/item.ts';
import { tokens, type CToken } from '../syntax/tokens.ts';

interface Local {
  readonly name: string;
  /** Of a struct or a pointer to one. */
  readonly struct: string;
  readonly start: number;
}

const locals = new WeakMap<CItem, readonly Local[]>();
const QUALIFIER = /^(?:const|volatile|\*|__\w+)$/;

/** Parameters and variables of an item that are structs, or pointers to them, by place. */
function localsOf(item: CItem): readonly Local[] {
  const known = locals.get(item);
  if (known) return known;
  const all = [...tokens(item.text)];
  const found: Local[] = [];
  for (let i = 0; i < all.length; i++) {
    const struct = /^(?:struct|union)$/.test(all[i]?.text ?? '') ? all[i + 1] : undefined;
    if (struct?.kind !== 'word') continue;
    for (let at = i + 2; ; ) {
      while (QUALIFIER.test(all[at]?.text ?? '')) at++;
      const name = all[at];
      if (name?.kind !== 'word' || !/^[,;=)[:]$/.test(all[at + 1]?.text ?? '')) break;
      found.push({ name: name.text, struct: struct.text, start: name.start });
      at = declaratorEnd(all, at + 1);
      if (all[at]?.text !== ',') break;
      at++;
    }
  }
  locals.set(item, found);
  return found;
}

/** The comma, semicolon or bracket that ends a declarator. */
function declaratorEnd(all: readonly CToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < all.length; at++) {
    const { text } = all[at] ?? { text: '' };
    if (/^[([{]$/.test(text)) depth++;
    else if (/^[)\]}]$/.test(text) && depth-- === 0) return at;
    else if (depth === 0 && (text === ',' || text === ';')) return at;
  }
  return all.length;
}

/** Tokens of an item that end at an offset of the document or before. */
export function tokensBefore(placed: PlacedCItem, offset: number): CToken[] {
  const before: CToken[] = [];
  for (const token of tokens(placed.item.text)) {
    if (placed.start + token.end > offset) break;
    before.push(token);
  }
  return before;
}

interface Scope {
  readonly analysis: CAnalysis;
  readonly item: CItem;
  readonly all: readonly CToken[];
}

/**
 * The kernel's struct whose member follows the tokens: those of `task->mm->`, `((struct iphdr *)data)->`. Undefined when it is
 * a struct of the program's own, which clangd knows, or when that cannot be told.
 */
export function structBefore(analysis: CAnalysis, item: CItem, all: readonly CToken[]): CStruct | undefined {
  const last = all.at(-1)?.text;
  const arrow = last === '>' && all.at(-2)?.text === '-';
  if (!arrow && last !== '.') return undefined;
  return structAt({ analysis, item, all }, all.length - (arrow ? 3 : 2), 0);
}

/** The struct that an expression is, or points to; its last token is at `end`. */
export function structOfExpression(analysis: CAnalysis, item: CItem, all: readonly CToken[]): CStruct | undefined {
  return structAt({ analysis, item, all }, all.length - 1, 0);
}

function structAt(scope: Scope, end: number, depth: number): CStruct | undefined {
  const { all } = scope;
  const token = all[end];
  if (!token || depth > 20) return undefined;
  if (token.text === ']') {
    const open = opening(all, end);
    return open === undefined ? undefined : structAt(scope, open - 1, depth + 1);
  }
  if (token.text === ')') return structInBrackets(scope, end, depth);
  if (token.kind !== 'word') return undefined;
  const before = all[end - 1]?.text;
  const dot = before === '.';
  if (!dot && !(before === '>' && all[end - 2]?.text === '-')) return structOfName(scope, token);
  const object = structAt(scope, end - (dot ? 2 : 3), depth + 1);
  return object && structBehind(scope.analysis, findField(object, token.text)?.type());
}

/** `(struct iphdr *)data`, `bpf_get_current_task_btf()`, `(x)`. */
function structInBrackets(scope: Scope, end: number, depth: number): CStruct | undefined {
  const { all, analysis } = scope;
  const open = opening(all, end);
  if (open === undefined) return undefined;
  const cast = castAt(all, open + 1) ?? (all[open + 1]?.text === 'struct' ? undefined : castIn(all, open, end));
  if (cast !== undefined) return kernelStruct(analysis, cast);
  const called = all[open - 1];
  if (called?.kind !== 'word') return structAt(scope, end - 1, depth + 1);
  const result = /^struct (\w+) \*$/.exec(helperNamed(called.text)?.returns ?? '')?.[1];
  if (result !== undefined) return kernelStruct(analysis, result);
  if (helperNamed(called.text) || !analysis.inventory.kfuncs().includes(called.text)) return undefined;
  return structBehind(analysis, analysis.inventory.func(called.text)?.proto.returns());
}

/** The struct of `(struct name *)` whose bracket is at `at`. */
export function castAt(all: readonly CToken[], at: number): string | undefined {
  return all[at]?.text === '(' && /^(?:struct|union)$/.test(all[at + 1]?.text ?? '') && all[at + 3]?.text === '*' ? all[at + 2]?.text : undefined;
}

/** `bpf_core_cast(sk, struct tcp_sock)`: the last argument is a type. */
function castIn(all: readonly CToken[], open: number, end: number): string | undefined {
  return all[open - 1]?.text === 'bpf_core_cast' && /^(?:struct|union)$/.test(all[end - 2]?.text ?? '') ? all[end - 1]?.text : undefined;
}

function opening(all: readonly CToken[], close: number): number | undefined {
  let depth = 0;
  for (let at = close; at >= 0; at--) {
    const { text } = all[at] ?? { text: '' };
    if (/^[)\]}]$/.test(text)) depth++;
    else if (/^[([{]$/.test(text) && --depth === 0) return at;
  }
  return undefined;
}

function structOfName({ analysis, item }: Scope, { text, start }: CToken): CStruct | undefined {
  const local = localsOf(item).findLast((one) => one.name === text && one.start <= start);
  return local && kernelStruct(analysis, local.struct);
}

/** A struct of the kernel by the name a program gives it; one that the program declares itself is not the kernel's. */
function kernelStruct({ inventory: { types }, declared }: CAnalysis, name: string): CStruct | undefined {
  return declared.has(name) ? undefined : (types.struct(name.replace(/___.*$/, '')) ?? types.union(name));
}

/** The struct a type is, points to or has many of. */
export function structBehind({ inventory: { types } }: CAnalysis, type: CType | undefined): CStruct | undefined {
  let at = type && resolve(type);
  for (let depth = 0; at?.kind === 'array' && depth < 8; depth++) at = resolve(at.of());
  if (at?.kind === 'pointer') at = resolve(at.to());
  if (at?.kind === 'forward') return at.tag === 'struct' ? types.struct(at.name) : at.tag === 'union' ? types.union(at.name) : undefined;
  return at?.kind === 'struct' || at?.kind === 'union' ? at : undefined;
}
