import { ENTRY_PRESENT, ENTRY_VALUE, FIRST_MARK, INVARIANT_SECTION, type Mark } from '../../c/marks.ts';
import type { CAnalysis } from '../../../language/bpfc/analysis/analyze.ts';
import { functionsOf, type PlacedCItem } from '../../../language/bpfc/syntax/document.ts';
import type { CFunctionItem } from '../../../language/bpfc/syntax/item.ts';
import { findField, resolve, type CStruct } from '../../../kernel/ctype.ts';
import { localsOfC } from '../../language/check/c-locals.ts';
import { LinesOf } from '../../c/lines.ts';

/** Contexts whose `data` leads to a packet. */
const WITH_PACKET = new Set(['xdp_md', '__sk_buff']);
/** What never is a null pointer: contexts, and what the program declares itself. */
const CONTEXT = /^(?:xdp_md|__sk_buff|bpf_\w+|trace_event_raw_\w+|syscall_trace_\w+|pt_regs|user_pt_regs)$/;
const STRUCT_POINTER = /^(?:const\s+)?struct\s+(\w+)\s*(?:const\s*)?\*$/;
const READ = /\bbpf_(?:probe_read_kernel|probe_read|core_read)\s*\(/g;

/** A program's text with its marks (`instrument`) as C that needs no BPF: lines keep their numbers. */
export function rewritten(text: string, marks: readonly Mark[], analysis: CAnalysis): string {
  const lines = text.split('\n').map((line) => withMarks(line, marks));
  const places = new LinesOf(analysis.document.text);
  for (const { placed, fn } of functionsOf(analysis.document)) {
    if (!fn.body) continue;
    const change = changesOf(placed, fn, analysis);
    const last = places.line(placed.start + fn.body.end - 1);
    for (let line = places.line(placed.start); line <= last; line++) lines[line - 1] = change(lines[line - 1] ?? '');
  }
  return lines.join('\n');
}

/** Marks as calls of functions of their own. */
export function withMarks(line: string, marks: readonly Mark[]): string {
  return line
    .replace(/\(\(void \(\*\)\(long\)\)0x([0-9a-f]+)L\)\(\(long\)\(/g, (all, hex: string) => {
      const n = parseInt(hex, 16) - FIRST_MARK;
      const mark = marks[n];
      if (!mark) return all;
      if (mark.kind === 'set') return '((void)(';
      if (mark.kind === 'written') return `kgent_mark_${n}(kgent_is_written(`;
      return mark.kind === 'assume' ? 'kgent_assume((long)(' : `kgent_mark_${n}((long)(`;
    })
    .replace(new RegExp(`\\(\\((__typeof__\\(\\w+\\.value\\)|long) \\(\\*\\)\\(void \\*, void \\*\\)\\)0x(${ENTRY_VALUE.toString(16)}|${ENTRY_PRESENT.toString(16)})L\\)\\(`, 'g'), (_, type: string, hex: string) => (parseInt(hex, 16) === ENTRY_VALUE ? `(${type})kgent_entry_value(` : 'kgent_entry_present('))
    .replace(`__attribute__((section("${INVARIANT_SECTION}`, () => `KGENT_INVARIANT(("`).replace(/KGENT_INVARIANT\(\("\d+"\), used\)\) /, 'static ');
}

/** What is changed in the lines of a function. */
function changesOf(placed: PlacedCItem, fn: CFunctionItem, analysis: CAnalysis): (line: string) => string {
  const declared = [...fn.params.map(({ name, type }) => ({ name, type })), ...localsOfC(placed).map(({ name, type }) => ({ name, type: type ?? '' }))];
  const pointers = new Set<string>();
  const packets = new Set<string>();
  const structs = new Map<string, CStruct>();
  for (const { name, type: written } of declared) {
    const struct = STRUCT_POINTER.exec(written.trim())?.[1];
    if (struct === undefined) continue;
    const type = analysis.declared.has(struct) ? undefined : analysis.inventory.types.struct(struct);
    if (type) structs.set(name, type);
    if (WITH_PACKET.has(struct)) packets.add(name);
    else if (!CONTEXT.test(struct) && type && isKernels(placed.item.text, name)) pointers.add(name);
  }
  return (line) => objectReads(withPacket(guarded(line, pointers), packets), structs);
}

/** A pointer into a packet, or to an entry of a map, is not null where it is used. */
function isKernels(text: string, name: string): boolean {
  return !new RegExp(`\\b${name}\\s*=\\s*(?:bpf_map_lookup_elem|bpf_ringbuf_reserve|\\(?(?:void \\*\\)\\s*)?\\(?\\s*(?:data\\b|\\(void \\*\\)\\s*\\(\\s*long|\\w+\\s*\\+\\s*|\\(void \\*\\)\\s*\\(?\\s*\\w+\\s*\\+))`).test(text);
}

/** `sk->a.b->c` with each pointer on the way led to zeros when it is null. */
function guarded(line: string, pointers: ReadonlySet<string>): string {
  if (pointers.size === 0) return line;
  return line.replace(/(?<![\w.>])([A-Za-z_]\w*)((?:(?:->|\.)[A-Za-z_]\w*(?:\[[^\]]*\])*)+)/g, (all, name: string, path: string) => {
    if (!pointers.has(name)) return all;
    return [...path.matchAll(/(->|\.)([A-Za-z_]\w*(?:\[[^\]]*\])*)/g)].reduce((at, [, op = '', field = '']) => (op === '->' ? `KGENT_AT(${at})->${field}` : `${at}.${field}`), name);
  });
}

function withPacket(line: string, names: ReadonlySet<string>): string {
  return line.replace(/\b(\w+)->(data|data_end|data_meta)\b/g, (all, name: string, field: string) => (names.has(name) ? (field === 'data' ? 'KGENT_DATA' : field === 'data_end' ? 'KGENT_DATA_END' : 'KGENT_UNSUPPORTED_data_meta') : all));
}

/** Reads of what is modelled as an object copy it; others may find anything. */
function objectReads(line: string, structs: ReadonlyMap<string, CStruct>): string {
  let result = line;
  for (const { index, 0: call } of [...line.matchAll(READ)].toReversed()) {
    const args = argumentsAt(result, index + call.length);
    if (args[2] !== undefined && (/KGENT_AT\(|^\s*&\s*\w+->/.test(args[2]) || isArray(args[2], structs))) result = `${result.slice(0, index)}kgent_read_object(${result.slice(index + call.length)}`;
  }
  return result;
}

/** `ctx->comm`: an array, which is where it says. */
function isArray(text: string, structs: ReadonlyMap<string, CStruct>): boolean {
  const [, name = '', field = ''] = /^\s*(?:\(\s*void\s*\*\s*\)\s*)?(\w+)->(\w+)\s*$/.exec(text) ?? [];
  const struct = structs.get(name);
  const found = struct && findField(struct, field);
  return found !== undefined && resolve(found.type()).kind === 'array';
}

/** The arguments behind an opening bracket, as they are written. */
export function argumentsAt(text: string, start: number): readonly string[] {
  const found: string[] = [];
  let [depth, from] = [0, start];
  for (let at = start; at < text.length; at++) {
    const char = text[at] ?? '';
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && depth-- === 0) return [...found, text.slice(from, at)];
    else if (char === ',' && depth === 0) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return found;
}
