import type { CProgram } from '../../../language/bpfc/analysis/analyze.ts';
import type { Asserted } from '../scope.ts';
import { Unprintable } from '../unprintable.ts';
import { ATOMICS, FILL } from './helpers.ts';
import { joined, pointedTo, type Input, type Setting } from './inputs.ts';
import { mapDispatch, mapModel, mapTypes, modelled, type ModelledMap } from './maps.ts';
import { isMapCall, type Harness, type OwnItem } from './prepare.ts';

export interface HarnessOptions {
  /** What is asserted in this file. */
  readonly asserted: readonly Asserted[];
  /** Names of the programs whose events are looked at. */
  readonly handlers: readonly string[];
  /** Whether what earlier events left behind can matter. */
  readonly stateful: boolean;
  readonly events: number;
}

/** A file for SeaHorn, and what its inputs are. */
export interface HarnessFile {
  readonly text: string;
  readonly events: number;
  /** Rounds of the longest loop there: SeaHorn must not unroll fewer. */
  readonly rounds: number;
  /** Whether one event stands for all. */
  readonly complete: boolean;
  readonly handlers: readonly HarnessHandler[];
  /** Read in each event, also in those that are none. */
  readonly clocks: readonly Input[];
  /** Read once, before all events. */
  readonly settings: readonly Input[];
  readonly lines: ReadonlyMap<number, readonly Asserted[]>;
  /** Lines of assertions that always hold unless the model is too small. */
  readonly beyond: number;
  readonly guard: number;
  /** What is read when it is asked for, in the order of asking. */
  readonly asked: readonly Input[];
}

export interface HarnessHandler {
  readonly name: string;
  readonly inputs: readonly Input[];
  /** Addresses that are known without asking: of the current task. */
  readonly known: ReadonlyMap<string, bigint>;
}

/** Rounds that loops of the program have at most, for all that is known. */
const ROUNDS = 33;
/** Bytes of a packet that are looked at, behind two that let the headers behind Ethernet's lie at multiples of 4. */
const PACKET_WORDS = 18;
const IGNORED = ['unused-variable', 'unused-but-set-variable', 'unused-value', 'unused-parameter', 'unused-function', 'tautological-compare', 'self-assign', 'sign-compare', 'missing-field-initializers', 'parentheses-equality', 'int-conversion', 'incompatible-pointer-types', 'incompatible-pointer-types-discards-qualifiers', 'pointer-sign', 'unused-label', 'missing-braces', 'bitwise-op-parentheses', 'logical-op-parentheses', 'address-of-packed-member', 'main-return-type', 'visibility', 'uninitialized', 'sometimes-uninitialized', 'constant-conversion', 'implicit-const-int-float-conversion', 'type-limits', 'tautological-constant-out-of-range-compare', 'empty-body', 'ignored-qualifiers', 'unused-local-typedef', 'unused-const-variable', 'cast-function-type', 'missing-declarations', 'unknown-warning-option', 'null-pointer-arithmetic', 'null-pointer-subtraction', 'sizeof-pointer-memaccess', 'gnu-folding-constant', 'unknown-attributes', 'ignored-attributes', 'microsoft-anon-tag', 'unused-but-set-parameter', 'format', 'extra-semi', 'switch', 'bitfield-constant-conversion', 'shift-count-overflow', 'builtin-requires-header', 'pointer-to-int-cast', 'int-to-pointer-cast', 'array-bounds'];

/** A program's own C with a `main` of events, helpers and maps that are modelled, and what is asserted. Throws Unprintable. */
export function printHarness(harness: Harness, options: HarnessOptions): HarnessFile {
  const { programs, helpers } = harness;
  const events = options.stateful ? Math.max(1, options.events) : 1;
  const lineOf = lineNumbers(harness.text);
  const last = harness.text.split('\n').length + 1;
  const maps = harness.maps.map((map) => modelled(map, events));
  const chosen = programs.filter(({ fn }) => options.handlers.includes(fn.name));
  const handlers = chosen.map((program) => handlerOf(program, harness));
  const marks = marksOf(harness, options, lineOf);
  const invariants = invariantsOf(harness, options, maps, lineOf);
  const clocks = helpers.filter(({ clock }) => clock).map(({ name }): Input => ({ nd: `nd_${name}`, type: 'uint64_t', calls: 1, read: `${name}()`, bytes: 8 }));
  const settings = harness.settable.map(({ name, type }): Input => ({ nd: `nd_${name}`, type: 'uint64_t', calls: 1, read: name, bytes: sizeOfType(type) }));
  const asked = helpers.flatMap(({ fresh }) => fresh ?? []).map(({ nd, type, read, words }): Input => ({ nd, type, calls: words ? 0 : 1, read, bytes: 8 }));
  const settled = handlers.flatMap(({ setting }) => setting.inputs);
  const dispatch = mapDispatch(maps);
  const models = [...(harness.words.has('KGENT_DATA') || harness.words.has('KGENT_DATA_END') ? ['static inline unsigned long kgent_data(bool end) { return (unsigned long)((char *)kgent_packet + 2 + (end ? kgent_packet_length : 0)); }'] : []), ...maps.flatMap(mapModel), ...Object.entries(dispatch).filter(([name]) => isMapCall(name) && harness.words.has(name)).flatMap(([, text]) => text), ...helpers.flatMap(({ text }) => text), ...tasks(harness)];
  const lines = new Map<number, Asserted[]>();
  for (const one of options.asserted) lines.set(lineOf(one.span.start), [...(lines.get(lineOf(one.span.start)) ?? []), one]);
  const state = stateOf([...variables(harness), ...harness.objects.declarations(), ...chosen.flatMap((program) => contextVariable(program)), ...models]);
  const given = withState([...models.filter((line) => !isState(line)), ...marks.text]);
  const own = ownFunctions(harness.user);
  const text = [
    ...opening(harness.file),
    ...declarationsOf([...settled, ...clocks, ...settings, ...asked]),
    ...harness.declarations,
    ...constants(maps),
    'struct kgent;',
    ...given.prototypes,
    ...[...given.names, ...own.names].map((name) => `#define ${name}(...) (${name})(kgent, ##__VA_ARGS__)`),
    ...own.text,
    '#line 1 "model.c"',
    'static inline void kgent_beyond(void) {', `#line ${last} "model.c"`, '  sassert(0);', '}',
    ...maps.flatMap(mapTypes),
    '/* All that outlives a function: it lies in main, where the compiler sees that nobody else has it. */',
    'struct kgent {', ...state.map(({ declaration }) => `  ${declaration}`), '};',
    ...state.map(({ name }) => `#define ${name} (kgent->${name})`),
    ...given.text,
    ...mainOf({ maps, handlers, clocks, settings, events, invariants, guard: last + 1 }),
  ].join('\n');
  return { text: `${text}\n`, events, rounds: Math.max(ROUNDS, events), complete: !options.stateful, handlers: handlers.map(({ name, setting, known }) => ({ name, inputs: setting.inputs, known })), clocks, settings, lines, beyond: last, guard: last + 1, asked };
}

function lineNumbers(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split('\n').length;
}

function opening(file: string): readonly string[] {
  return [
    `/* ${file.replace(/\*\//g, '')} for SeaHorn: its own text, with helpers and maps that are modelled, and its programs as events in any order. */`,
    '#include "seahorn/seahorn.h"',
    '#include <stdbool.h>',
    '#include <stdint.h>',
    '#include <stddef.h>',
    ...IGNORED.map((name) => `#pragma clang diagnostic ignored "-W${name}"`),
    '#ifndef UNROLL',
    '#define UNROLL _Pragma("clang loop unroll(full)")',
    '#endif',
    '#define kgent_assume(holds) assume((holds) != 0)',
    '#define KGENT_AT(p) ({ __auto_type kgent_p = (p); kgent_p ? kgent_p : (__typeof__(kgent_p))(void *)kgent_zeros; })',
    '#define KGENT_DATA kgent_data(0)',
    '#define KGENT_DATA_END kgent_data(1)',
    FILL,
    ...ATOMICS,
  ];
}

function declarationsOf(inputs: readonly Input[]): readonly string[] {
  const functions = new Map<string, string>([['nd_any', 'uint8_t'], ['nd_event', 'uint8_t']]);
  for (const { nd, type } of inputs) functions.set(nd, type);
  return [...functions].map(([name, type]) => `extern ${type} ${name}(void);`);
}

/** Whether two values have the same bytes, in words and without a branch: clang makes calls of memcmp of anything else. */
const SAME = [
  'static inline bool kgent_same(const void *a, const void *b, unsigned size) {',
  '  uint64_t differs = 0;',
  '  unsigned n = 0;',
  '  UNROLL',
  '  for (; n + 8 <= size; n += 8) { uint64_t x, y; __builtin_memcpy(&x, (const char *)a + n, 8); __builtin_memcpy(&y, (const char *)b + n, 8); differs |= x ^ y; }',
  '  if (n + 4 <= size) { uint32_t x, y; __builtin_memcpy(&x, (const char *)a + n, 4); __builtin_memcpy(&y, (const char *)b + n, 4); differs |= x ^ y; n += 4; }',
  '  UNROLL',
  '  for (; n < size; n++) differs |= (uint64_t)(((const char *)a)[n] ^ ((const char *)b)[n]);',
  '  return differs == 0;',
  '}',
];

/** What every file begins with. */
function constants(maps: readonly ModelledMap[]): readonly string[] {
  return ['static const char kgent_zeros[16384] __attribute__((aligned(16)));', 'static inline void kgent_beyond(void);', ...(maps.some(({ kind }) => kind !== 'output') ? SAME : [])];
}

/** What the models keep; `kgent_last`: whether this event is the one that is judged. */
function variables({ helpers, words }: Harness): readonly string[] {
  return [
    'static bool kgent_last;',
    ...(words.has('KGENT_DATA') || words.has('KGENT_DATA_END') ? [`static uint64_t kgent_packet[${PACKET_WORDS}];`, 'static uint16_t kgent_packet_length;'] : []),
    ...helpers.flatMap(({ steady: one }) => (one ? [`static ${one.type} ${one.variable}${one.bytes === undefined ? '' : `[${one.bytes / 8}]`};`] : [])),
    ...helpers.flatMap(({ name, clock }) => (clock ? [`static uint64_t kgent_clock_${name};`] : [])),
  ];
}

function tasks({ words, objects }: Harness): readonly string[] {
  if (!objects.has('task_struct')) return [];
  return [
    ...(words.has('bpf_get_current_task') ? ['static inline unsigned long long bpf_get_current_task(void) { return (unsigned long)&kgent_object_task_struct[0]; }'] : []),
    ...(words.has('bpf_get_current_task_btf') ? ['static inline struct task_struct *bpf_get_current_task_btf(void) { return &kgent_object_task_struct[0]; }'] : []),
  ];
}

const STATE = /^static ((?:const )?(?:struct )?\w+) (\w+)((?:\[\w+\])?);$/;
const isState = (line: string): boolean => STATE.test(line);

/** Variables as members of what all functions are given. */
function stateOf(lines: readonly string[]): readonly { readonly name: string; readonly declaration: string }[] {
  return lines.flatMap((line) => {
    const [, type = '', name = '', array = ''] = STATE.exec(line) ?? [];
    return name === '' ? [] : [{ name, declaration: `${type} ${name}${array};` }];
  });
}

const FUNCTION = /^static inline (.*?)(\w+)\(([^()]*(?:\([^()]*\)[^()]*)*)\) \{/;

/** Functions of the models with what they keep as their first parameter; a macro of the same name hands it on. */
function withState(lines: readonly string[]): { readonly names: readonly string[]; readonly prototypes: readonly string[]; readonly text: readonly string[] } {
  const names: string[] = [];
  const prototypes: string[] = [];
  const text = lines.map((line) => line.replace(FUNCTION, (_, returns: string, name: string, params: string) => {
    const head = `static inline ${returns}(${name})(${parameters(params)})`;
    names.push(name);
    if (!/\bconst kgent_\w+ \*|\bstruct kgent_/.test(head)) prototypes.push(`${head};`);
    return `${head} {`;
  }));
  return { names, prototypes, text };
}

const parameters = (params: string): string => (params.trim() === '' || params.trim() === 'void' ? 'struct kgent *kgent' : `struct kgent *kgent, ${params}`);

/** The program's functions with the same first parameter. */
function ownFunctions(items: readonly OwnItem[]): { readonly names: readonly string[]; readonly text: readonly string[] } {
  const names = [...new Set(items.flatMap(({ fn }) => fn ?? []))];
  return {
    names,
    text: items.map(({ fn, text }) => {
      if (fn === undefined) return text;
      const at = new RegExp(`\\b${fn}\\s*\\(`).exec(text);
      if (!at) return text;
      const [from, to] = [at.index + at[0].length, closing(text, at.index + at[0].length)];
      return `${text.slice(0, at.index)}(${fn})(${parameters(text.slice(from, to))}${text.slice(to)}`;
    }),
  };
}

/** Where the bracket closes that is open at a place. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return text.length;
}

interface Marked {
  readonly text: readonly string[];
}

/** A function for each condition: what it asserts is told by the line of the program. */
function marksOf({ marks, file }: Harness, { asserted }: HarnessOptions, lineOf: (offset: number) => number): Marked {
  const text: string[] = [];
  const placed = new Set<Asserted>();
  for (const [n, mark] of marks.entries()) {
    if (mark.kind !== 'assert' && mark.kind !== 'written') continue;
    const here = asserted.filter((one) => 'property' in one && one.property === mark.property && one.span.start === mark.span.start && one.span.end === mark.span.end);
    for (const one of here) placed.add(one);
    text.push(`static inline void kgent_mark_${n}(long holds) {`, ...(here.length > 0 ? ['  if (kgent_last) {', `#line ${lineOf(mark.span.start)} ${JSON.stringify(file)}`, '    sassert(holds != 0);', '  }'] : ['  (void)holds;']), '}', '#line 1 "model.c"');
  }
  const lost = asserted.find((one) => !placed.has(one) && !('map' in one));
  if (lost) throw new Unprintable('a condition that only the compiled program has');
  return { text };
}

function invariantsOf({ invariants, file }: Harness, { asserted }: HarnessOptions, maps: readonly ModelledMap[], lineOf: (offset: number) => number): readonly string[] {
  return invariants.flatMap(({ map, span, refused }, n): readonly string[] => {
    if (refused || !asserted.some((one) => 'map' in one && one.map === map && one.span.start === span.start)) return [];
    const model = maps.find(({ name }) => name === map);
    if (!model || model.kind === 'output') throw new Unprintable(`the map ${map} has no model`);
    const slot = (at: number): string => `kgent_map_${map}_slots[${at}]`;
    const there = (at: number): string => (model.kind === 'hash' ? `${slot(at)}.state == 1` : `${slot(at)}.state && kgent_map_${map}_written(&${slot(at)}.value)`);
    return ['    if (kgent_last) {', '      bool holds = 1;', ...Array.from({ length: model.slots }, (_, at) => `      if ((${there(at)}) && !kgent_invariant_${n}(&${slot(at)}.key, &${slot(at)}.value)) holds = 0;`), `#line ${lineOf(span.start)} ${JSON.stringify(file)}`, '      sassert(holds);', '#line 1 "model.c"', '    }'];
  });
}

function contextVariable({ fn }: CProgram): readonly string[] {
  const type = contextStruct(fn);
  return type === undefined ? [] : [`static struct ${type} kgent_context_${fn.name};`];
}

/** The struct of a program's context; undefined where it has none that matters. */
function contextStruct({ macro, params }: CProgram['fn']): string | undefined {
  if (macro === undefined) return params[0] && pointedTo(params[0].type);
  return macro === 'BPF_PROG' ? undefined : 'pt_regs';
}

interface Made {
  readonly name: string;
  readonly setting: Setting;
  readonly call: string;
  readonly known: ReadonlyMap<string, bigint>;
}

function handlerOf({ fn }: CProgram, harness: Harness): Made {
  const { objects, words, analysis, helpers } = harness;
  const settings: Setting[] = [];
  const packet = words.has('KGENT_DATA') || words.has('KGENT_DATA_END');
  const struct = contextStruct(fn);
  const type = struct === undefined ? undefined : analysis.inventory.types.struct(struct);
  const own = fn.macro === undefined ? (fn.params[0]?.name ?? 'ctx') : 'ctx';
  if (type) settings.push(objects.context(`kgent_context_${fn.name}`, fn.name, type, ({ name }) => `${own}->${name}`, ({ path }) => packet && (path === 'data' || path === 'data_end' || path === 'data_meta')));
  if (packet && (struct === 'xdp_md' || struct === '__sk_buff')) settings.push({ lines: ['kgent_packet_length = nd_packet_length();', `kgent_fill(kgent_packet, sizeof(kgent_packet), nd_packet);`], inputs: [{ nd: 'nd_packet_length', type: 'uint16_t', calls: 1, read: 'packet length', bytes: 2 }, { nd: 'nd_packet', type: 'uint64_t', calls: PACKET_WORDS, read: 'packet', bytes: PACKET_WORDS * 8 }] });
  settings.push(objects.setting());
  const args: string[] = fn.macro === undefined ? (fn.params.length === 0 ? [] : [type ? `&kgent_context_${fn.name}` : '0']) : [type ? `&kgent_context_${fn.name}` : '0'];
  const roots = new Map<string, number>();
  if (fn.macro !== undefined) for (const [n, { name, type: written }] of fn.params.entries()) {
    const nd = `nd_${fn.name}_${name}`;
    const to = pointedTo(written);
    if (to !== undefined && objects.has(to)) {
      const setting = objects.pointer(nd, to, (value) => `kgent_argument_${n} = ${value};`, name, roots);
      settings.push({ ...setting, lines: [`${written} kgent_argument_${n} = 0;`, ...setting.lines] });
      args.push(`kgent_argument_${n}`);
    } else {
      settings.push({ lines: [`const uint64_t kgent_argument_${n} = ${nd}();`], inputs: [{ nd, type: 'uint64_t', calls: 1, read: name, bytes: 8 }] });
      args.push(`(${written})kgent_argument_${n}`);
    }
  }
  for (const { steady: one } of helpers) if (one) settings.push(steadySetting(one));
  const known = new Map<string, bigint>();
  const task = objects.addressOf('task_struct');
  if (task !== undefined) known.set('bpf_get_current_task()', task).set('bpf_get_current_task_btf()', task);
  return { name: fn.name, setting: joined(settings), call: `${fn.name}(${args.join(', ')});`, known };
}

function steadySetting({ variable, type, read, bytes }: { readonly variable: string; readonly type: string; readonly read: string; readonly bytes?: number }): Setting {
  const nd = variable.replace(/^kgent_/, 'nd_');
  const words = bytes === undefined ? 1 : bytes / 8;
  return { lines: bytes === undefined ? [`${variable} = ${nd}();`] : Array.from({ length: words }, (_, n) => `${variable}[${n}] = ${nd}();`), inputs: [{ nd, type, calls: words, read, bytes: bytes ?? (type === 'uint32_t' ? 4 : 8) }] };
}

function sizeOfType(type: string): number {
  const bits = /(8|16|32|64)(?:_t)?$/.exec(type)?.[1];
  return bits !== undefined ? Number(bits) / 8 : /bool|char/.test(type) ? 1 : /short/.test(type) ? 2 : /long/.test(type) ? 8 : 4;
}

interface Main {
  readonly maps: readonly ModelledMap[];
  readonly handlers: readonly Made[];
  readonly clocks: readonly Input[];
  readonly settings: readonly Input[];
  readonly events: number;
  readonly invariants: readonly string[];
  readonly guard: number;
}

function mainOf({ maps, handlers, clocks, settings, events, invariants, guard }: Main): readonly string[] {
  const clock = ({ nd }: Input): string => nd.replace(/^nd_/, 'kgent_clock_');
  return [
    'int main(void) {',
    '  struct kgent kgent_state;',
    '  struct kgent *const kgent = &kgent_state;',
    '  __builtin_memset(&kgent_state, 0, sizeof(kgent_state));',
    ...maps.filter(({ kind }) => kind !== 'output').map(({ name }) => `  kgent_map_${name}_begin();`),
    ...settings.map(({ nd, read }) => `  ${read} = (__typeof__(${read}))${nd}();`),
    ...clocks.map((one) => `  ${clock(one)} = 0;`),
    '  /* SeaHorn does not judge a program whose assertions all hold in the eyes of its compiler: it does not see this one. */',
    '  const uint8_t any = nd_any();',
    `#line ${guard} "guard"`,
    '  sassert((any * (any + 1) & 1) == 0);',
    '#line 1 "events"',
    '  UNROLL',
    `  for (unsigned event = 0; event < ${events}; event++) {`,
    `    kgent_last = event == ${events - 1};`,
    ...clocks.map((one) => `    { const uint64_t now = ${one.nd}(); assume(now > 0 && now >= ${clock(one)}); ${clock(one)} = now; }`),
    '    switch (nd_event()) {',
    ...handlers.flatMap(({ name, setting, call }, n) => [`    case ${n + 1}: { /* ${name} */`, ...setting.lines.map((line) => `      ${line}`), `      (void)${call}`, '      break;', '    }']),
    '    default: /* no event */',
    '      assume(!kgent_last);',
    '    }',
    ...invariants,
    '  }',
    '  return 0;',
    '}',
  ];
}
