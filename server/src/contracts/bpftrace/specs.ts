import type { AttachPointInfo, ProbeInfo } from '../../language/bpftrace/analysis/analysis.ts';
import { uint64, type BtType } from '../../language/bpftrace/analysis/types.ts';
import { apply, bits, not, type IrStmt } from '../ir/ir.ts';
import { namesOfFunction, namesOfTracepoint, specCondition, type SpecNames } from '../language/check/spec.ts';
import { truthIn, special, wordOf } from './clauses.ts';
import { builtinValue } from './builtins.ts';
import type { Cx } from './context.ts';
import { cast } from './expressions.ts';
import { fieldOf } from './memory.ts';
import { NoMeaning } from './no-meaning.ts';
import { toBits, type Value } from './values.ts';

/** What the knowledge base says of an attach point: `pre` when it is entered, `post` with `retval` when it is left. */
export interface PointConditions {
  readonly pre: readonly string[];
  readonly post: readonly string[];
}

/** By an attach point as the catalogue spells it: `kprobe:tcp_connect`, `tracepoint:sched:sched_switch`. */
export type SpecOf = (point: string) => PointConditions | undefined;

const RETURNS = new Set(['kretprobe', 'fexit']);
const ENTRIES = new Set(['kprobe', 'fentry']);

/** Assumes what holds of each event of a probe, as far as it has a meaning here and is about what the probe reads: other conditions narrow nothing. */
export function assumeSpecs(cx: Cx, info: ProbeInfo, specOf: SpecOf): void {
  const [point, ...others] = info.attachPoints;
  const names = point && namesOf(cx, point);
  if (!names) return;
  // Of several tracepoints, whose fields have names, what holds of each.
  const shared = others.map((other) => (point.provider === 'tracepoint' && other.provider === 'tracepoint' ? conditionsOf(cx, other, specOf) : []));
  for (const text of conditionsOf(cx, point, specOf)) {
    if (!shared.every((conditions) => conditions.includes(text))) continue;
    const before = new Set(cx.reads.keys());
    const statement = assumed(cx, info, point, text, names);
    const more = [...cx.reads].filter(([key]) => !before.has(key));
    for (const [key, name] of more) {
      cx.reads.delete(key);
      cx.names.used.delete(name);
    }
    if (!statement || more.length > 0) continue;
    cx.out.push(statement);
    cx.program.assumptions.push({ span: point.span, text });
  }
  if (others.length === 0 && RETURNS.has(point.provider ?? '')) aboveLowest(cx, names, point);
}

const SYSTEM_CALL_RETURNS = /^(?:syscalls:sys_exit_\w+|raw_syscalls:sys_exit)$/;
/** Calls that move bytes: the kernel cuts what they are asked for to MAX_RW_COUNT (fs.h), 2 GiB less a page. */
const TRANSFERS = /^syscalls:sys_exit_(?:p?(?:read|write)(?:64|v2?)?|(?:send|recv)(?:to|from|msg)|sendfile64)$/;

function conditionsOf(cx: Cx, { provider = '', parts }: AttachPointInfo, specOf: SpecOf): readonly string[] {
  const name = parts.join(':');
  const known = specOf(`${provider}:${name}`);
  if (RETURNS.has(provider)) return [...(known?.post ?? []), ...transferred(cx, parts.at(-1) ?? '')];
  if (provider !== 'tracepoint') return known?.pre ?? [];
  // Errors of system calls are small negative numbers (MAX_ERRNO in the kernel's err.h).
  const told = [...(known?.pre ?? []), ...(known?.post ?? [])];
  const errors = told.length === 0 && SYSTEM_CALL_RETURNS.test(name) ? ['ret >= -4095'] : told;
  return TRANSFERS.test(name) ? [...errors, 'ret <= 0x7ffff000'] : errors;
}

/** What is read or written at once is no more than an `int` holds (MAX_RW_COUNT). */
function transferred(cx: Cx, name: string): readonly string[] {
  const type = cx.program.analysis.options.inventory.func(name)?.proto.returns();
  return type?.kind === 'typedef' && type.name === 'ssize_t' ? ['(ssize_t)retval <= 0x7fffffff'] : [];
}

function namesOf(cx: Cx, { provider = '', parts }: AttachPointInfo): SpecNames | undefined {
  const { inventory } = cx.program.analysis.options;
  if (provider === 'tracepoint') {
    const format = inventory.tracepoint(parts[0] ?? '', parts[1] ?? '');
    return format && namesOfTracepoint(format);
  }
  const proto = RETURNS.has(provider) || ENTRIES.has(provider) ? inventory.func(parts.at(-1) ?? '')?.proto : undefined;
  return proto && namesOfFunction(proto);
}

function assumed(cx: Cx, info: ProbeInfo, point: AttachPointInfo, text: string, names: SpecNames): IrStmt | undefined {
  const condition = specCondition(text, names, cx.program.analysis.options.inventory);
  if (condition.problems.length > 0) return undefined;
  const bound = new Map<never, bigint>();
  try {
    const truth = truthIn(cx, condition.expr, {
      base: 0, text,
      rules: { modern: true },
      typeOf: (node) => condition.typeOf(node as never) ?? { kind: 'unknown' },
      word: (node) => {
        const meaning = condition.meaningOf(node);
        if (meaning?.kind === 'parameter') return argument(cx, info, point, meaning.name, names);
        if (meaning?.kind === 'result') return result(cx, names.result, point);
        return wordOf(meaning, bound);
      },
      variable: ({ name }) => { throw new NoMeaning(`there is no ${name}`); },
      special: (inner, node) => special(inner, node as never, bound),
    });
    return { kind: 'assume', condition: truth, span: point.span };
  } catch (error) {
    if (error instanceof NoMeaning) return undefined;
    throw error;
  }
}

/** No result is the lowest number of its type: what is turned from negative to positive is. */
function aboveLowest(cx: Cx, { result: type }: SpecNames, point: AttachPointInfo): void {
  if (type?.kind !== 'integer' || !type.signed || !cx.reads.has('retval')) return;
  const lowest = bits(1n << BigInt(type.bits - 1), type.bits);
  cx.out.push({ kind: 'assume', condition: not(apply('eq', 'bool', toBits(result(cx, type, point), type.bits), lowest)), span: point.span });
}

/** Registers arguments are handed over in. */
const MAX_ARGUMENTS = 6;

function argument(cx: Cx, info: ProbeInfo, point: AttachPointInfo, name: string, { params }: SpecNames): Value {
  const at = { start: 0, end: 0 };
  if (point.provider === 'tracepoint' || point.provider === 'fentry') {
    if (!info.args) throw new NoMeaning('arguments are not known');
    return fieldOf(cx, { kind: 'place', type: info.args, owner: 'args', offset: 0 }, name, at, `args.${name}`);
  }
  const index = params.findIndex((param) => param.name === name);
  const type = params[index]?.type;
  if (point.provider !== 'kprobe' || type === undefined || index >= MAX_ARGUMENTS) throw new NoMeaning('arguments are gone on return');
  return cast(builtinValue(cx, `arg${index}`, uint64), type);
}

/** Behind a kretprobe it is the register, whatever the function gives. */
function result(cx: Cx, type: BtType | undefined, { provider }: AttachPointInfo): Value {
  if (!type) throw new NoMeaning('it is not known what is returned');
  return cast(builtinValue(cx, 'retval', provider === 'fexit' ? type : uint64), type);
}
