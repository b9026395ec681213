import { findField, type CStruct } from '../../../kernel/ctype.ts';
import type { CAnalysis } from '../analysis/analyze.ts';
import type { CItem } from '../syntax/item.ts';
import type { CToken } from '../syntax/tokens.ts';
import { castAt, structBehind, structOfExpression } from './expression.ts';

/** A call that is still open at the end of some tokens. */
export interface OpenCall {
  readonly name: string;
  /** Tokens of each argument so far; the last is the one that is being written. */
  readonly args: readonly (readonly CToken[])[];
}

/** The innermost call that is open at the end of the tokens. Brackets without a name only group. */
export function openCall(all: readonly CToken[]): OpenCall | undefined {
  const open: { readonly at: number; readonly name: string | undefined; readonly commas: number[] }[] = [];
  for (const [at, { text }] of all.entries()) {
    const before = all[at - 1];
    if (text === '(' || text === '{' || text === '[') open.push({ at, name: text === '(' && before?.kind === 'word' ? before.text : undefined, commas: [] });
    else if (text === ')' || text === '}' || text === ']') open.pop();
    else if (text === ',') open.at(-1)?.commas.push(at);
  }
  const found = open.findLast(({ name }) => name !== undefined);
  if (found?.name === undefined) return undefined;
  const starts = [found.at, ...found.commas];
  return { name: found.name, args: starts.map((start, i) => all.slice(start + 1, starts[i + 1])) };
}

/** Macros that read a chain of fields, with the number of the argument that it begins with. */
const READS: readonly (readonly [RegExp, number])[] = [
  [/^BPF_(?:CORE|PROBE)_READ(?:_USER)?$/, 0],
  [/^BPF_(?:CORE|PROBE)_READ(?:_USER)?(?:_STR)?_INTO$/, 1],
  [/^BPF_CORE_(?:READ|WRITE)_BITFIELD(?:_PROBED)?$/, 0],
];

/** The struct whose field is named next in `BPF_CORE_READ(task, mm, `. */
export function structInRead(analysis: CAnalysis, item: CItem, all: readonly CToken[]): CStruct | undefined {
  const call = openCall(all);
  const first = READS.find(([name]) => call && name.test(call.name))?.[1];
  if (!call || first === undefined || call.args.length <= first + 1) return undefined;
  const source = call.args[first] ?? [];
  const cast = castAt(source, 0);
  let struct = cast === undefined ? structOfExpression(analysis, item, source) : analysis.inventory.types.struct(cast.replace(/___.*$/, ''));
  const chain = call.args.slice(first + 1);
  for (const [i, arg] of chain.entries()) {
    const words = arg.filter(({ kind, text }) => kind === 'word' && !/^\d/.test(text)).map(({ text }) => text);
    // A field ends with its comma; behind a dot its own field follows.
    const whole = i < chain.length - 1 || arg.at(-1)?.text === '.' ? words : [];
    for (const word of whole) struct = struct && structBehind(analysis, findField(struct, word)?.type());
  }
  return struct;
}
