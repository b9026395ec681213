import type { Helper } from '../../language/bpfc/catalogue/helpers.ts';
import { HELPERS } from '../../language/bpfc/catalogue/helpers.ts';
import { ENTRY_PRESENT, ENTRY_VALUE, FIRST_MARK, type Mark } from '../c/marks.ts';
import { isTrue, type Term } from '../terms/term.ts';
import type { Terms } from '../terms/terms.ts';
import { constant, type Access, type State } from './access.ts';
import type { Maps } from './maps.ts';
import type { Output } from './output.ts';
import { number, type MapInfo, type Region, type Value } from './value.ts';

/** What a call leaves. */
export interface Called {
  readonly state: State;
  readonly result: Value;
}

/** Helpers whose result is the same for the whole event, and those that tell the time. */
const STEADY = new Set(['bpf_get_current_pid_tgid', 'bpf_get_current_uid_gid', 'bpf_get_smp_processor_id', 'bpf_get_numa_node_id', 'bpf_get_current_task', 'bpf_get_current_task_btf', 'bpf_get_current_cgroup_id', 'bpf_get_current_ancestor_cgroup_id', 'bpf_skb_cgroup_id', 'bpf_get_socket_cookie', 'bpf_get_socket_uid', 'bpf_get_hash_recalc', 'bpf_get_cgroup_classid', 'bpf_get_attach_cookie', 'bpf_get_func_ip']);
export const CLOCKS = ['bpf_ktime_get_ns', 'bpf_ktime_get_boot_ns', 'bpf_ktime_get_coarse_ns', 'bpf_ktime_get_tai_ns', 'bpf_jiffies64'];
const NEVER_NULL = new Set(['bpf_get_current_task', 'bpf_get_current_task_btf']);
/** Helpers that are given maps and change nothing that a program sees in them. */
const HARMLESS = new Set(['bpf_perf_event_output', 'bpf_ringbuf_output', 'bpf_ringbuf_query', 'bpf_get_stackid', 'bpf_redirect_map', 'bpf_current_task_under_cgroup', 'bpf_skb_under_cgroup', 'bpf_perf_event_read', 'bpf_perf_event_read_value', 'bpf_skb_output', 'bpf_xdp_output', 'bpf_spin_lock', 'bpf_spin_unlock']);
const ENTRIES = 0x6000_0000_0000n;
const DATA = 0x5000_0000_0000n;
/** Bytes of the longest copy, and how many lengths one call may choose from. */
const MAX_BYTES = 4096;
const MAX_LENGTHS = 4;
/** `-EEXIST`, `-ENOENT`, `-E2BIG`, `-EINVAL`, `-EFAULT`. */
const ERROR = { exists: -17n, absent: -2n, tooBig: -7n, invalid: -22n, fault: -14n } as const;

/** What calls of helpers and of marks mean. */
export class Calls {
  readonly #out: Output;
  readonly #terms: Terms;
  readonly #maps: Maps;
  readonly #access: Access;
  readonly #marks: readonly Mark[];
  readonly #unsupported: (what: string) => void;
  readonly #counts = new Map<string, number>();
  readonly #bases = new Map<Region, bigint>();

  constructor(out: Output, maps: Maps, access: Access, marks: readonly Mark[], unsupported: (what: string) => void) {
    this.#out = out;
    this.#terms = out.terms;
    this.#maps = maps;
    this.#access = access;
    this.#marks = marks;
    this.#unsupported = unsupported;
  }

  /** Where data of the program lies: addresses far from each other. */
  baseOf(region: Region, offset: number): Term {
    const base = this.#bases.get(region) ?? DATA + (BigInt(this.#bases.size) << 32n);
    this.#bases.set(region, base);
    return this.#terms.bits(base + BigInt(offset), 64);
  }

  helper(number_: number, args: readonly Value[], state: State, when: Term): Called {
    const mark = this.#marks[number_ - FIRST_MARK];
    if (mark) return this.#mark(mark, args, state, when);
    if (number_ === ENTRY_VALUE || number_ === ENTRY_PRESENT) return this.#ofClause(number_, args, state);
    const helper = HELPERS[number_ - 1];
    if (!helper) return this.#other(undefined, `the helper with number ${number_}`, args, state, when);
    const [first, second, third, fourth] = args;
    if (!first || !second || !third || !fourth) throw new TypeError('a call has five arguments');
    switch (helper.name) {
      case 'bpf_map_lookup_elem':
        return this.#lookup(first, second, state);
      case 'bpf_map_update_elem':
        return this.#update(first, second, third, fourth, state, when);
      case 'bpf_map_delete_elem':
        return this.#delete(first, second, state, when);
      case 'bpf_probe_read':
      case 'bpf_probe_read_kernel':
      case 'bpf_probe_read_user':
        return this.#probe(helper.name, first, second, third, state, when);
      case 'bpf_probe_read_str':
      case 'bpf_probe_read_kernel_str':
      case 'bpf_probe_read_user_str':
        return this.#text(helper.name, first, second, state, when);
      case 'bpf_get_current_comm':
        return this.#comm(first, second, state, when);
      case 'bpf_ringbuf_reserve':
        return this.#reserve(state);
      case 'bpf_ringbuf_submit':
      case 'bpf_ringbuf_discard':
        return { state, result: this.#zero() };
      case 'bpf_trace_printk':
      case 'bpf_trace_vprintk':
        return { state, result: number(this.#fresh(helper.name, 64)) };
      default:
        return this.#other(helper, helper.name, args, state, when);
    }
  }

  #zero(): Value {
    return number(this.#terms.bits(0n, 64));
  }

  /** A result that is another one each time. */
  #fresh(name: string, width: number): Term {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return this.#out.read(count === 1 ? `${name}()` : `${name}() #${count}`, width);
  }

  #mark(mark: Mark, [value]: readonly Value[], state: State, when: Term): Called {
    const terms = this.#terms;
    const holds = terms.negate(terms.eq(value?.term ?? terms.bits(0n, 64), terms.bits(0n, 64)));
    const before = this.#out.span;
    this.#out.span = mark.span;
    if (mark.kind === 'assume') {
      const condition = this.#out.lower(holds);
      this.#out.when(when, (span) => ({ kind: 'assume', condition, span }));
    } else if (mark.kind === 'set') {
      const lowered = this.#out.lower(terms.extract(value?.term ?? terms.bits(0n, 64), 0, mark.bits));
      this.#out.when(when, (span) => ({ kind: 'set', name: mark.name, value: lowered, span }));
    } else {
      const condition = this.#out.lower(mark.kind === 'written' ? this.#written(value) : holds);
      this.#out.when(when, (span) => ({ kind: 'assert', condition, property: mark.property, span, says: mark.says }));
    }
    this.#out.span = before;
    return { state, result: this.#zero() };
  }

  /** Whether what is at an address of a map's value was put there; other memory always was. */
  #written(address: Value | undefined): Term {
    return this.#terms.all((address?.places ?? []).map(({ region, when }) => (region.kind === 'entry' ? this.#terms.implies(when, this.#maps.present(region.map, region.key)) : this.#terms.yes)));
  }

  #mapAt(address: Value): MapInfo | undefined {
    const [place] = address.places;
    if (address.places.length === 1 && place?.region.kind === 'map' && (place.region.map.kind === 'hash' || place.region.map.kind === 'array')) return place.region.map;
    this.#unsupported(place?.region.kind === 'map' ? `the map ${place.region.map.name}, which is no hash and no array` : 'a map that is not known beforehand');
    return undefined;
  }

  #keyAt(map: MapInfo, address: Value, state: State): Term {
    return this.#access.load(state, address, map.keyBytes).term;
  }

  /** Whether a lookup finds an entry: slots of arrays are always there. */
  #found(map: MapInfo, key: Term): Term {
    return map.kind === 'hash' ? this.#maps.present(map, key) : this.#terms.order('ult', key, this.#terms.bits(BigInt(map.entries), map.keyBytes * 8));
  }

  #entryAt(map: MapInfo, key: Term, found: Term): Value {
    const region: Region = { kind: 'entry', map, key, made: this.#out.statements.length };
    const base = ENTRIES + (BigInt(this.#bases.size) << 32n);
    this.#bases.set(region, base);
    return { term: this.#terms.ite(found, this.#terms.bits(base, 64), this.#terms.bits(0n, 64)), places: [{ region, offset: this.#terms.bits(0n, 64), when: found }] };
  }

  /** An entry of a map that others fill: it may be there, and hold anything. */
  #opaque(map: MapInfo, state: State): Called {
    const terms = this.#terms;
    const region: Region = { kind: 'own', name: map.name };
    const found = terms.eq(this.#fresh(`${map.name} has an entry`, 1), terms.bits(1n, 1));
    return { state, result: { term: terms.ite(found, this.baseOf(region, 0), terms.bits(0n, 64)), places: [{ region, offset: terms.bits(0n, 64), when: found }] } };
  }

  #lookup(address: Value, keyAddress: Value, state: State): Called {
    const [place] = address.places;
    if (address.places.length === 1 && place?.region.kind === 'map' && place.region.map.kind === 'filled') return this.#opaque(place.region.map, state);
    const map = this.#mapAt(address);
    if (!map) return { state, result: number(this.#access.anything(64)) };
    const key = this.#keyAt(map, keyAddress, state);
    return { state, result: this.#entryAt(map, key, this.#found(map, key)) };
  }

  #ofClause(which: number, [address, keyAddress]: readonly Value[], state: State): Called {
    const map = address && this.#mapAt(address);
    if (!map || !keyAddress) return { state, result: this.#zero() };
    const key = this.#keyAt(map, keyAddress, state);
    if (which === ENTRY_VALUE) return { state, result: this.#entryAt(map, key, this.#terms.yes) };
    return { state, result: number(this.#terms.ite(this.#found(map, key), this.#terms.bits(1n, 64), this.#terms.bits(0n, 64))) };
  }

  #update(address: Value, keyAddress: Value, valueAddress: Value, flags: Value, state: State, when: Term): Called {
    const terms = this.#terms;
    const map = this.#mapAt(address);
    const how = constant(flags.term);
    if (how !== 0 && how !== 1 && how !== 2) this.#unsupported('an update whose flags are not BPF_ANY, BPF_NOEXIST or BPF_EXIST');
    if (!map) return { state, result: number(this.#access.anything(64)) };
    const key = this.#keyAt(map, keyAddress, state);
    const value = this.#access.load(state, valueAddress, map.valueBytes).term;
    const found = this.#found(map, key);
    const code = (error: bigint): Term => terms.bits(error, 64);
    const there = map.kind === 'array' ? terms.yes : found;
    const wrong = map.kind === 'array' ? terms.negate(found) : terms.no;
    const goes = terms.all([terms.negate(wrong), how === 1 ? terms.negate(there) : how === 2 ? there : terms.yes]);
    const result = terms.ite(wrong, code(ERROR.tooBig), terms.ite(goes, code(0n), code(how === 1 ? ERROR.exists : ERROR.absent)));
    const at = this.#out.statements.length;
    this.#maps.put(map, key, value, terms.all([when, goes]));
    const gone = map.kind === 'hash' && how !== 1 ? [...state.gone, { map: map.name, key, when, at: at + 1 }] : state.gone;
    return { state: { ...state, gone }, result: number(result) };
  }

  #delete(address: Value, keyAddress: Value, state: State, when: Term): Called {
    const terms = this.#terms;
    const map = this.#mapAt(address);
    if (!map) return { state, result: number(this.#access.anything(64)) };
    if (map.kind === 'array') return { state, result: number(terms.bits(ERROR.invalid, 64)) };
    const key = this.#keyAt(map, keyAddress, state);
    const found = this.#found(map, key);
    const at = this.#out.statements.length;
    this.#maps.remove(map, key, when);
    return { state: { ...state, gone: [...state.gone, { map: map.name, key, when, at: at + 1 }] }, result: number(terms.ite(found, terms.bits(0n, 64), terms.bits(ERROR.absent, 64))) };
  }

  /** The lengths a copy may have, each with its condition; none when that cannot be told. */
  #sizes(size: Value): readonly { readonly bytes: number; readonly when: Term }[] {
    const own = this.#terms.zext(this.#terms.extract(size.term, 0, 32), 64);
    const values = constantsOf(own);
    if (values && values.length <= MAX_LENGTHS && values.every((bytes) => bytes <= MAX_BYTES)) return values.map((bytes) => ({ bytes, when: this.#terms.eq(own, this.#terms.bits(BigInt(bytes), 64)) }));
    this.#unsupported('a copy whose length is computed');
    return [];
  }

  #size(size: Value): number | undefined {
    const [only, ...more] = this.#sizes(size);
    if (more.length > 0) this.#unsupported('a copy whose length is computed');
    return more.length > 0 ? undefined : only?.bytes;
  }

  #write(state: State, to: Value, bytes: number, term: Term, when: Term): State {
    return bytes === 0 ? state : this.#access.store(state, to, number(term), when);
  }

  #probe(name: string, to: Value, size: Value, from: Value, state: State, when: Term): Called {
    const terms = this.#terms;
    const user = name === 'bpf_probe_read_user';
    const ok = user ? terms.eq(this.#fresh(`${name} succeeds`, 1), terms.bits(1n, 1)) : from.places.length > 0 ? terms.yes : terms.negate(terms.order('ult', from.term, terms.bits(4096n, 64)));
    let after = state;
    for (const { bytes, when: chosen } of this.#sizes(size)) {
      if (bytes === 0) continue;
      const value = user ? this.#out.read(`${bytes * 8} bits of the process at`, bytes * 8, from.term) : this.#access.load(state, from, bytes).term;
      const copied = terms.ite(ok, value, terms.bits(0n, bytes * 8));
      const before = isTrue(chosen) ? copied : this.#access.load(after, to, bytes).term;
      after = this.#write(after, to, bytes, terms.ite(chosen, copied, before), terms.all([when, chosen]));
    }
    return { state: after, result: number(terms.ite(ok, terms.bits(0n, 64), terms.bits(ERROR.fault, 64))) };
  }

  #text(name: string, to: Value, size: Value, state: State, when: Term): Called {
    const terms = this.#terms;
    const bytes = this.#size(size);
    const length = this.#fresh(name, 64);
    if (bytes === undefined || bytes === 0) return { state, result: number(length) };
    const inRange = terms.all([terms.order('ule', terms.bits(1n, 64), length), terms.order('ule', length, terms.bits(BigInt(bytes), 64))]);
    const condition = this.#out.lower(terms.any([inRange, terms.eq(length, terms.bits(ERROR.fault, 64))]));
    this.#out.statements.push({ kind: 'assume', condition, span: this.#out.span });
    return { state: this.#write(state, to, bytes, this.#fresh(`text of ${name}`, bytes * 8), when), result: number(length) };
  }

  #comm(to: Value, size: Value, state: State, when: Term): Called {
    const bytes = this.#size(size);
    return { state: bytes === undefined ? state : this.#write(state, to, bytes, this.#out.read('comm', bytes * 8), when), result: this.#zero() };
  }

  #reserve(state: State): Called {
    const terms = this.#terms;
    const region: Region = { kind: 'own', name: 'record' };
    const found = terms.eq(this.#fresh('bpf_ringbuf_reserve succeeds', 1), terms.bits(1n, 1));
    return { state, result: { term: terms.ite(found, this.baseOf(region, 0), terms.bits(0n, 64)), places: [{ region, offset: terms.bits(0n, 64), when: found }] } };
  }

  /** A helper of which only the prototype is known: its result may be anything, and so may be what it can write to. */
  #other(helper: Helper | undefined, name: string, args: readonly Value[], state: State, when: Term): Called {
    if (!helper) this.#unsupported(name);
    if (helper?.invalidates !== undefined || name === 'bpf_tail_call' || name === 'bpf_loop' || name === 'bpf_for_each_map_elem') this.#unsupported(`${name}()`);
    const after = (helper?.params ?? []).reduce((at, param, i) => this.#argument(name, param, args[i], args[i + 1], at, when), state);
    return { state: after, result: this.#result(name, helper?.returns ?? 'long') };
  }

  #argument(name: string, param: string, value: Value | undefined, next: Value | undefined, state: State, when: Term): State {
    const [place] = value?.places ?? [];
    if (!value || !place || !param.includes('*') || HARMLESS.has(name)) return state;
    const { kind } = place.region;
    if (kind === 'map') this.#unsupported(`${name}() on ${place.region.kind === 'map' ? place.region.map.name : 'a map'}`);
    if (kind === 'context' || kind === 'constant' || kind === 'map' || param.includes('const')) return state;
    const bytes = next && kind === 'own' ? this.#size(next) : undefined;
    if (bytes === undefined) this.#unsupported(`${name}(), which may write to memory`);
    return bytes === undefined ? state : this.#write(state, value, bytes, this.#fresh(`bytes of ${name}`, bytes * 8), when);
  }

  #result(name: string, returns: string): Value {
    const terms = this.#terms;
    const width = /^(?:__)?(?:u32|s32)$/.test(returns) ? 32 : 64;
    const result = STEADY.has(name) || CLOCKS.includes(name) ? this.#out.read(`${name}()`, width) : this.#fresh(name, width);
    if (NEVER_NULL.has(name)) {
      const condition = this.#out.lower(terms.order('ule', terms.bits(4096n, width), result));
      this.#out.statements.push({ kind: 'assume', condition, span: this.#out.span });
    }
    return number(terms.zext(result, 64));
  }
}

/** The values that a choice of constants may have; undefined for anything else. */
function constantsOf(term: Term, depth = 0): readonly number[] | undefined {
  if (term.value !== undefined) return [Number(term.value)];
  const [condition, then, otherwise] = term.args;
  if (term.op === 'zext' && condition) return constantsOf(condition, depth + 1);
  if (term.op !== 'ite' || !then || !otherwise || depth > 8) return undefined;
  const [a, b] = [constantsOf(then, depth + 1), constantsOf(otherwise, depth + 1)];
  return a && b && [...new Set([...a, ...b])];
}
