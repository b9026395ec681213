import { suggest } from '../suggest.ts';
import { atLeast, compareVersions } from '../../../../base/version.ts';
import { builtin, builtins, has, words, type Builtin } from '../../catalogue.ts';
import type { Identifier } from '../../syntax/ast.ts';
import { fromC } from '../ctypes/convert.ts';
import { typeFromText } from '../ctypes/text.ts';
import { int64, uint64, unknown, type BtType } from '../types.ts';
import { literalOf, literalType } from './literals.ts';
import { fault, replacement, type State } from './state.ts';
import { either } from './words.ts';

/** A bare word: a builtin, a constant, an enum member; macro parameters are handled before. */
export function typeOfIdentifier(state: State, expr: Identifier): BtType {
  const constant = typeOfConstant(state, expr);
  if (constant) return constant;
  const entry = builtin(expr.name);
  if (entry && has(entry, state.rules.version)) return typeOfBuiltin(state, expr, entry);
  // Said by the version check, with what to write instead.
  if (entry) return typeFromText(entry.type, state.types);
  // `kstack(perf)`, `nsecs(boot)`: the call checks them.
  if (Object.values(words).some((list) => list.some((w) => w.name === expr.name))) return { kind: expr.name in { perf: 0, raw: 0, bpftrace: 0, build_id: 0 } ? 'stack-mode' : 'timestamp-mode' };
  return unknownWord(state, expr);
}

function typeOfConstant(state: State, expr: Identifier): BtType | undefined {
  const draft = state.names.of.get(expr);
  if (state.types.define(expr.name) !== undefined) {
    const value = literalOf(state, expr);
    return typeof value === 'bigint' ? literalType(state, value) : typeof value === 'string' ? { kind: 'string', size: value.length + 1 } : unknown;
  }
  if (draft?.kind === 'macro') return state.visit({ kind: 'call', callee: { kind: 'name', text: expr.name, start: expr.start, end: expr.end }, args: [], argSpan: { start: expr.end, end: expr.end }, start: expr.start, end: expr.end });
  if (draft?.kind === 'define' || draft?.kind === 'macro-parameter') return unknown;
  const member = state.types.enumerator(expr.name);
  if (!member) return undefined;
  return atLeast(state.rules.version, 0, 22) ? { kind: 'integer', bits: 64, signed: false, of: member.of } : uint64;
}

function typeOfBuiltin(state: State, expr: Identifier, entry: Builtin): BtType {
  if (!allowedHere(state, expr, entry)) return unknown;
  if (state.forLoops > 0 && OF_CONTEXT.test(expr.name)) fault(state, 'misplaced', expr, `${expr.name} cannot be used inside a for loop: put it into a variable before.`);
  if (expr.name === 'args') return state.place.args() ?? unknown;
  if (expr.name === 'ctx') return typeOfContext(state);
  if (expr.name === 'retval') return typeOfReturn(state);
  if (expr.name === 'cpid' && !atLeast(state.rules.version, 0, 25)) fault(state, 'misplaced', expr, 'cpid needs a command that bpftrace starts (-c); without one this version refuses the program.');
  if (expr.name === 'probe' && !atLeast(state.rules.version, 0, 24)) return { kind: 'probe' };
  if (expr.name === 'kstack' || expr.name === 'ustack') return { kind: expr.name, mode: state.settings.stackMode };
  beyondRegisters(state, expr);
  const older = entry.older && compareVersions(state.rules.version, entry.older.until) < 0 ? entry.older.type : undefined;
  if (expr.name === 'func' && state.place.attachPoints.some((p) => p.provider === 'uprobe' || p.provider === 'uretprobe')) return { kind: 'usym' };
  const type = typeFromText(older ?? entry.type, state.types);
  return /^s?arg\d+$/.test(expr.name) ? uint64 : type;
}

/** Arguments of a function that are handed over in registers; what lies on the stack cannot be had as `argN`. */
const REGISTERS: Readonly<Record<string, number>> = { x86_64: 6, aarch64: 8 };

function beyondRegisters(state: State, { name, start, end }: Identifier): void {
  const index = Number(/^arg(\d+)$/.exec(name)?.[1] ?? -1);
  const { arch } = state.options.inventory;
  const most = REGISTERS[arch];
  if (most === undefined || index < most || !state.place.attachPoints.some(({ provider }) => provider === 'kprobe' || provider === 'uprobe')) return;
  fault(state, 'unknown-identifier', { start, end }, `${arch} hands over ${most} arguments in registers, which are arg0 to arg${most - 1}; there is no ${name}.`);
}

/** What is read from the probe's context, which the body of a `for` loop does not see. */
const OF_CONTEXT = /^(?:args|ctx|retval|s?arg\d+)$/;

const PERF_EVENTS = new Set(['profile', 'interval', 'software', 'hardware']);
const FUNCTIONS = new Set(['kprobe', 'kretprobe', 'uprobe', 'uretprobe', 'usdt', 'watchpoint', 'asyncwatchpoint']);

function typeOfContext(state: State): BtType {
  const provider = state.place.attachPoints[0]?.provider ?? '';
  const name = PERF_EVENTS.has(provider) ? 'bpf_perf_event_data' : FUNCTIONS.has(provider) ? 'pt_regs' : provider === 'iter' ? `bpf_iter__${state.place.attachPoints[0]?.parts[0] ?? ''}` : '';
  const struct = name === '' ? undefined : state.types.struct(name);
  if (!struct) return unknown;
  const record = fromC(struct, 'kernel');
  return { kind: 'pointer', to: () => record, space: 'kernel', context: true };
}

function typeOfReturn(state: State): BtType {
  const point = state.place.attachPoints[0];
  if (point?.provider !== 'fentry' && point?.provider !== 'fexit') return uint64;
  const proto = state.options.inventory.func(point.parts.at(-1) ?? '')?.proto;
  return proto ? fromC(proto.returns(), 'kernel') : unknown;
}

/** Reports a builtin that the probe does not have. */
function allowedHere(state: State, expr: Identifier, entry: Builtin): boolean {
  const { probes } = entry;
  if (state.place.func && probes) {
    fault(state, 'misplaced', expr, `${expr.name} belongs to a probe; in a function there is none. Hand it over as an argument.`);
    return false;
  }
  if (!probes) return true;
  const wrong = state.place.attachPoints.find((p) => p.provider !== undefined && !fits(state, expr.name, p.provider, probes));
  if (!wrong) return true;
  const known = wrong.provider ?? '';
  const hint = hintFor(expr.name, known);
  fault(state, 'misplaced', expr, `${expr.name} exists only in ${either(probes.filter((p) => fits(state, expr.name, p, probes)))} probes, not in ${known}.${hint.text}`, hint.repair === undefined ? {} : { repairs: [replacement(state, expr, hint.repair)] });
  return false;
}

function fits(state: State, name: string, provider: string, probes: readonly string[]): boolean {
  // Return values were possible in fentry, too, where they are of no use.
  if (name === 'retval' && provider === 'fentry') return true;
  if (name === 'ctx' && (provider === 'rawtracepoint' || ((provider === 'fentry' || provider === 'fexit') && !state.rules.modern))) return false;
  if (name === 'func' && (provider === 'fentry' || provider === 'fexit')) return atLeast(state.rules.version, 0, 19);
  return probes.includes(provider);
}

function hintFor(name: string, provider: string): { text: string; repair?: string } {
  if (name === 'retval' && provider === 'tracepoint') return { text: ' A syscall\'s exit tracepoint has args.ret.', repair: 'args.ret' };
  if (name === 'retval' && provider === 'kprobe') return { text: ' A kprobe runs on entry; use kretprobe.' };
  if (name === 'retval' && provider === 'uprobe') return { text: ' A uprobe runs on entry; use uretprobe.' };
  if (/^arg\d/.test(name) && (provider === 'kretprobe' || provider === 'uretprobe')) return { text: ' On return the arguments are gone: keep them in a map keyed by tid on entry.' };
  if (/^arg\d/.test(name) && (provider === 'tracepoint' || provider === 'fentry' || provider === 'fexit')) return { text: ' Use args and the name of the field.' };
  if (name === 'ctx' && provider === 'tracepoint') return { text: ' Use args.' };
  return { text: '' };
}

function unknownWord(state: State, expr: Identifier): BtType {
  const near = suggest(state.suggestions, expr.name, () => candidates(state));
  const hint = near === undefined ? ' Text is written in double quotes, variables begin with $, maps with @.' : ` Did you mean ${near}?`;
  if (state.types.includes && near === undefined && /^[A-Z][A-Z\d_]+$/.test(expr.name)) return int64;
  fault(state, 'unknown-identifier', expr, `${expr.name} is neither a builtin nor a constant.${hint}`, near === undefined ? {} : { repairs: [replacement(state, expr, near)] });
  return unknown;
}

function* candidates(state: State): Generator<string> {
  for (const entry of builtins) if (has(entry, state.rules.version) && !entry.name.endsWith('N')) yield entry.name;
  for (const draft of state.names.globals.values()) if (draft.kind === 'define' || draft.kind === 'enum-member' || draft.kind === 'macro') yield draft.name;
}
