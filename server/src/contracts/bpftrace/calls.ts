import { func } from '../../language/bpftrace/catalogue.ts';
import type { BtType } from '../../language/bpftrace/analysis/types.ts';
import type { Call, Expr } from '../../language/bpftrace/syntax/ast.ts';
import { bare } from '../../language/bpftrace/syntax/walk.ts';
import { apply, bits, type IrExpr } from '../ir/ir.ts';
import { opaque } from './builtins.ts';
import { read, spanOf, textOf, type AnyExpr, type Cx } from './context.ts';
import { evaluateAll, evaluateFor, keep, keyOf, layoutFor } from './expressions.ts';
import { keyWidth, presentIn, type MapLayout } from './maps.ts';
import { expand } from './macros.ts';
import { addressOf, shownRead, whole } from './memory.ts';
import { NoMeaning } from './no-meaning.ts';
import { swapped } from './operators.ts';
import { assertSites } from './sites.ts';
import { leave } from './statements.ts';
import { choose, INET, int, resize, toBits, widthOfType, type Value } from './values.ts';

const nothing: Value = { kind: 'nothing' };

type Meaning = (cx: Cx, node: Call) => Value;

const prints: Meaning = (cx, node) => {
  for (const arg of node.args) if (!isWholeMap(cx, arg)) evaluateFor(cx, arg);
  return nothing;
};

function isWholeMap(cx: Cx, arg: Expr): boolean {
  const at = bare(arg);
  return at.kind === 'map' && at.keys === undefined && cx.program.maps.get(at.name)?.key.kind !== 'none';
}

/** What is printed as something else is kept as what it is: the address of a symbol, the number of an error. */
const asItIs: Meaning = (cx, node) => {
  const [first] = evaluateAll(cx, node.args);
  const type = cx.words.typeOf(node);
  if (!first || type.kind === 'unknown') throw new NoMeaning(`it is not known what ${node.callee.text}() gives`);
  return { kind: 'bits', ir: toBits(first, widthOfType(type)), bits: widthOfType(type), signed: false, type };
};

const MEANINGS: Readonly<Record<string, Meaning>> = {
  printf: prints, print: prints, join: prints, cat: prints, system: prints, time: prints, errorf: prints, warnf: prints, debugf: prints, assert: prints,
  signal: prints, signal_thread: prints, override: prints, write_user: prints, unwatch: prints, skboutput: prints,
  delete: remove,
  clear: (cx, node) => emptied(cx, node, (map) => ({ kind: 'clear', map, span: spanOf(cx, node) })),
  zero: (cx, node) => emptied(cx, node, (map) => ({ kind: 'clear', map, keys: 'stay', span: spanOf(cx, node) })),
  exit: (cx, node) => {
    for (const arg of node.args) evaluateFor(cx, arg);
    leave(cx, spanOf(cx, node));
    return nothing;
  },
  bswap: (cx, node) => {
    const [value] = evaluateAll(cx, node.args);
    const width = value?.kind === 'bits' && value.literal === undefined ? value.bits : widthOfType(cx.words.typeOf(node));
    return int(swapped(toBits(value ?? nothing, width), width), width, false);
  },
  kptr: first, uptr: first,
  ksym: asItIs, usym: asItIs, username: asItIs, strerror: asItIs, strftime: asItIs, cgroup_path: asItIs,
  ntop,
  has_key: (cx, node) => {
    const { layout, key } = entryMeant(cx, node);
    return { kind: 'truth', ir: presentIn(layout, key) };
  },
  is_err: (cx, node) => ({ kind: 'truth', ir: apply('ult', 'bool', bits(-4096n, 64), toBits(first(cx, node), 64)) }),
  len: (cx, node) => opaque(cx, textOf(cx, node), textOf(cx, node), cx.words.typeOf(node)),
  nsecs: clock,
  strncmp: compared, memcmp: compared,
};

/** The value of a call of one of bpftrace's functions. */
export function call(cx: Cx, node: Call): Value {
  const name = node.callee.text;
  const declared = cx.program.analysis.shared.names.globals.get(name);
  if (declared?.kind === 'macro') return expand(cx, node);
  if (declared?.kind === 'function') throw new NoMeaning(`${name} is a function of the program, which is not looked into`);
  if (!func(name)) throw new NoMeaning(`it is not known what ${name}() does`);
  return (Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined)?.(cx, node) ?? unknownFunction(cx, node);
}

function first(cx: Cx, node: Call): Value {
  return evaluateAll(cx, node.args)[0] ?? nothing;
}

/** Something that its arguments decide, whatever it is. */
function unknownFunction(cx: Cx, node: Call): Value {
  const type = cx.words.typeOf(node);
  const values = evaluateAll(cx, node.args.filter((arg) => !isWord(arg) && !isWholeMap(cx, arg))).map((value) => (value.kind === 'place' && value.base ? addressed(value) : value));
  if (type.kind === 'void' || type.kind === 'none') return nothing;
  if (type.kind === 'unknown') throw new NoMeaning(`it is not known what ${node.callee.text}() gives`);
  const given = values.map((value) => (value.kind === 'bits' || value.kind === 'truth' ? toBits(value, value.kind === 'bits' ? value.bits : 1) : undefined));
  const known = given.filter((one): one is IrExpr => one !== undefined);
  const text = textOf(cx, node);
  if (known.length === 0 || known.length < values.length || type.kind === 'kstack' || type.kind === 'ustack') return opaque(cx, text, text, type);
  return ofArguments(cx, node, known, type);
}

/** `kstack(perf)`, `nsecs(boot)`. */
const isWord = (arg: AnyExpr): boolean => arg.kind === 'identifier' && /^(?:perf|raw|bpftrace|build_id|boot|monotonic|tai|sw_tai)$/.test(arg.name);

const addressed = (value: Extract<Value, { kind: 'place' }>): Value => ({ kind: 'bits', ir: addressOf(value), bits: 64, signed: false, type: value.type });

function ofArguments(cx: Cx, node: Call, args: readonly IrExpr[], type: BtType): Value {
  const text = textOf(cx, node);
  const width = type.kind === 'bool' ? 'bool' : widthOfType(type);
  const widths = args.map((arg) => (arg.kind === 'apply' || arg.kind === 'read' || arg.kind === 'variable' || arg.kind === 'const' ? String(arg.width) : 'entry')).join(' ');
  const of = args.length === 1 && args[0] ? args[0] : apply('concat', args.reduce((sum, arg) => sum + widthIn(cx, arg), 0), ...args);
  const ir = read(cx, `${node.callee.text}(${widths})`, text, width, of, shownRead(cx, type));
  return type.kind === 'bool' ? { kind: 'truth', ir } : { kind: 'bits', ir, bits: widthOfType(type), signed: type.kind === 'integer' && type.signed, type };
}

function widthIn({ program }: Cx, expr: IrExpr): number {
  if (expr.kind === 'entry') return widthOfType(program.maps.get(expr.map)?.value ?? { kind: 'void' });
  return expr.kind === 'present' || expr.width === 'bool' ? 1 : expr.width;
}

/** `delete(@m[k])`, `delete(@m, k)`; older versions take several. */
function remove(cx: Cx, node: Call): Value {
  const [map] = node.args.map(bare);
  const many = node.args.length > 1 && node.args.every((arg) => bare(arg).kind === 'map') && !(map?.kind === 'map' && map.keys === undefined && cx.program.maps.get(map.name)?.key.kind !== 'none');
  if (many) {
    for (const arg of node.args) remove(cx, { ...node, args: [arg] });
    return nothing;
  }
  const { layout, key: written } = entryMeant(cx, node);
  const key = keep(cx, written, keyWidth(layout));
  assertSites(cx, node);
  const was: IrExpr = keep(cx, presentIn(layout, key), 'bool');
  cx.out.push({ kind: 'remove', map: layout.name, key, span: spanOf(cx, node) });
  return { kind: 'truth', ir: was };
}

function entryMeant(cx: Cx, node: Call): { readonly layout: MapLayout; readonly key: IrExpr } {
  const [map, key] = node.args;
  const at = map && bare(map);
  if (at?.kind !== 'map') throw new NoMeaning(`${node.callee.text}() is given no map`);
  const layout = layoutFor(cx, at.name);
  return { layout, key: keyOf(cx, layout, at.keys ?? (key ? [key] : [])) };
}

function emptied(cx: Cx, node: Call, change: (map: string) => Cx['out'][number]): Value {
  const at = node.args[0] && bare(node.args[0]);
  if (at?.kind !== 'map') throw new NoMeaning(`${node.callee.text}() is given no map`);
  cx.out.push(change(layoutFor(cx, at.name).name));
  return nothing;
}

/** An address with its family: IPv4 when nothing else is said and it is a number. */
function ntop(cx: Cx, node: Call): Value {
  const values = evaluateAll(cx, node.args);
  const address = whole(cx, values.at(-1) ?? nothing, node.args.at(-1) ?? node);
  const family = values.length > 1 ? toBits(values[0] ?? nothing, 8) : bits(widthOfValue(address) === 128 ? 10 : 2, 8);
  const type = { kind: 'inet' } as const;
  return { kind: 'bits', ir: apply('concat', INET, family, resize(toBits(address, widthOfValue(address)), widthOfValue(address), 128, false)), bits: INET, signed: false, type };
}

function widthOfValue(value: Value): number {
  return value.kind === 'bits' ? Math.min(value.bits, 128) : value.kind === 'vector' ? Math.min(value.length * widthOfType(value.element), 128) : 64;
}

/** Each clock is one of its own; the one of the time of day may be set back. */
function clock(cx: Cx, node: Call): Value {
  const arg = node.args[0];
  const mode = arg?.kind === 'identifier' ? arg.name : 'boot';
  const name = mode === 'boot' ? 'nsecs' : `nsecs(${mode})`;
  if (mode === 'boot' || mode === 'monotonic') cx.program.clocks.add(name);
  return int(read(cx, name, name, 64), 64, false);
}

/** The same text or bytes: 0. */
function compared(cx: Cx, node: Call): Value {
  const [a, b, n] = evaluateAll(cx, node.args);
  const type = cx.words.typeOf(node);
  const width = widthOfType(type);
  if (a?.kind !== 'bits' || b?.kind !== 'bits') return opaque(cx, textOf(cx, node), textOf(cx, node), type);
  const other = ofArguments(cx, node, [a.ir, b.ir, ...(n ? [toBits(n, 64)] : [])], type);
  return int(choose(apply('eq', 'bool', toBits(a, 64), toBits(b, 64)), bits(0, width), toBits(other, width), width), width, type.kind === 'integer' && type.signed);
}

