import type { CAnalysis, CProgram } from '../../../language/bpfc/analysis/analyze.ts';
import { HELPERS } from '../../../language/bpfc/catalogue/helpers.ts';
import type { Instrumented } from '../../c/instrument.ts';
import type { Mark } from '../../c/marks.ts';
import { HELPER_MODELS, type ModelledHelper } from './helpers.ts';
import { Objects, pointedTo } from './inputs.ts';
import { mapKind, type DeclaredMap } from './maps.ts';
import { declarationsOf, itemsOf, needed, renamed, wordsIn, type Declarations, type Item } from './trim.ts';

/** What a harness is made of. */
export interface HarnessSource {
  readonly analysis: CAnalysis;
  readonly instrumented: Instrumented;
  /** The rewritten text behind clang's preprocessor, without the kernel's types. */
  readonly preprocessed: string;
  /** The name of the program's file there. */
  readonly file: string;
  /** The types of the kernel. */
  readonly kernel: Declarations | undefined;
}

/** A declaration of the program's own. */
export interface OwnItem {
  readonly text: string;
  /** The function that it declares. */
  readonly fn?: string;
}

/** A program that can be given to SeaHorn as its own C. */
export interface Harness {
  readonly file: string;
  /** Where lines begin. */
  readonly text: string;
  readonly programs: readonly CProgram[];
  readonly marks: readonly Mark[];
  readonly invariants: Instrumented['source']['invariants'];
  /** Declarations of headers, and the program itself with `#line`s. */
  readonly declarations: readonly string[];
  readonly user: readonly OwnItem[];
  readonly words: ReadonlySet<string>;
  readonly maps: readonly DeclaredMap[];
  readonly helpers: readonly (ModelledHelper & { readonly name: string })[];
  readonly objects: Objects;
  readonly analysis: CAnalysis;
  /** Variables that are set before the program is loaded, with their types. */
  readonly settable: readonly { readonly name: string; readonly type: string }[];
}

export type Prepared = { readonly kind: 'ready'; readonly harness: Harness } | { readonly kind: 'unsupported'; readonly why: string };

const ALL_HELPERS = new Set(HELPERS.map(({ name }) => name));
const MAP_CALLS = ['bpf_map_lookup_elem', 'bpf_map_update_elem', 'bpf_map_delete_elem', 'kgent_entry_value', 'kgent_entry_present', 'kgent_is_written'] as const;
export const isMapCall = (name: string): boolean => (MAP_CALLS as readonly string[]).includes(name);
/** What has no plain C, and what to call it. */
const STRANGE: readonly (readonly [RegExp, string])[] = [
  [/\basm\b|\b__asm__\b/, 'assembly'],
  [/\bKGENT_UNSUPPORTED_(\w+)/, ''],
  [/\b__builtin_preserve_\w+|\b__builtin_btf_\w+/, 'a builtin of clang for BPF alone'],
  [/\bbpf_(?:for|for_each|repeat|iter_num_\w+)\b/, 'an open-coded iterator'],
];

/** Makes a harness of a program, or says what in the program it has no model for. */
export function prepareHarness({ analysis, instrumented, preprocessed, file, kernel }: HarnessSource): Prepared {
  const unsupported = (why: string): Prepared => ({ kind: 'unsupported', why });
  const items = itemsOf(preprocessed);
  const own = items.filter((item) => item.file === file);
  const source = own.map(({ text }) => text).join('\n');
  const words = wordsIn(source);
  for (const [pattern, what] of STRANGE) {
    const found = pattern.exec(source);
    if (found) return unsupported(what === '' ? `${(found[1] ?? '').replace(/_/g, ' ')} has no model` : `${what} has no model`);
  }
  const helpers = helpersOf(source, words, own);
  if (typeof helpers === 'string') return unsupported(helpers);
  const maps = mapsOf(analysis, own, source);
  if (typeof maps === 'string') return unsupported(maps);
  const objects = new Objects((name) => (analysis.declared.has(name) ? undefined : analysis.inventory.types.struct(name)), words, addressesMatter(analysis));
  const context = usedObjects(analysis, source, objects);
  if (context !== undefined) return unsupported(context);
  const headers = [...(kernel ? needed(kernel, words) : []), ...needed(declarationsOf(items.filter((item) => item.file !== file)), words)];
  const rename = (text: string): string => renamed(text, headers);
  const settable = own.flatMap(({ text }) => settableIn(text));
  return {
    kind: 'ready',
    harness: {
      file, text: analysis.document.text, programs: analysis.programs, marks: instrumented.source.marks, invariants: instrumented.source.invariants, words, maps, helpers, objects, analysis, settable,
      declarations: once(headers).map(({ text }) => rename(text)),
      user: own.map((item) => ownItem(item, file, rename)),
    },
  };
}

function ownItem({ text, line, isFunction, declares }: Item, file: string, rename: (text: string) => string): OwnItem {
  const [fn] = declares;
  const plain = settableIn(text).length > 0 ? text.replace(/\b(?:const|volatile)\b\s*/g, '') : text;
  return { text: `#line ${line} ${JSON.stringify(file)}\n${rename(plain)}`, ...(isFunction && fn !== undefined && { fn }) };
}

function once(items: readonly Item[]): readonly Item[] {
  const texts = new Set<string>();
  return items.filter(({ text }) => !texts.has(text) && texts.add(text));
}

function settableIn(text: string): readonly { readonly name: string; readonly type: string }[] {
  const found = /^(?:const\s+volatile|volatile\s+const)\s+([\w ]+?)\s+(\w+)\s*(?:=[^;]*)?;$/.exec(text);
  return found ? [{ type: found[1] ?? '', name: found[2] ?? '' }] : [];
}

function helpersOf(source: string, words: ReadonlySet<string>, own: readonly Item[]): Harness['helpers'] | string {
  const declared = new Set(own.flatMap(({ declares }) => declares));
  const called = [...words].filter((name) => !declared.has(name) && (ALL_HELPERS.has(name) || /^(?:bpf|kgent_read)_\w+$/.test(name)) && new RegExp(`\\b${name}\\s*\\(`).test(source));
  const missing = called.find((name) => !isMapCall(name) && !HELPER_MODELS.has(name) && !isTask(name));
  if (missing !== undefined) return `the helper ${missing} has no model`;
  return called.flatMap((name) => { const model = HELPER_MODELS.get(name); return model ? [{ name, ...model }] : []; });
}

const isTask = (name: string): boolean => name === 'bpf_get_current_task' || name === 'bpf_get_current_task_btf';

function mapsOf(analysis: CAnalysis, own: readonly Item[], source: string): readonly DeclaredMap[] | string {
  const maps: DeclaredMap[] = [];
  for (const { text } of own) {
    const [, body = '', names = ''] = /^(?:static\s+)?struct\s*\w*\s*\{([^]*)\}([^{}]*);$/.exec(text) ?? [];
    const type = /\(\s*\*\s*type\s*\)\s*\[\s*(\w+)\s*\]/.exec(body)?.[1];
    if (type === undefined) continue;
    const kind = mapKind(type);
    for (const name of names.split(',').map((one) => one.trim()).filter((one) => /^\w+$/.test(one))) {
      if (kind === undefined) return `the map ${name} (${type}) has no model`;
      if (kind !== 'output' && !(/\*\s*key\b/.test(body) && /\*\s*value\b/.test(body))) return `the map ${name} does not say the types of its keys and values`;
      maps.push(mapIn(body, name, kind, source));
    }
  }
  const lost = [...analysis.maps.keys()].find((name) => !maps.some((map) => map.name === name));
  return lost === undefined ? maps : `the map ${lost} is declared in a way that has no model`;
}

function mapIn(body: string, name: string, kind: DeclaredMap['kind'], source: string): DeclaredMap {
  const entries = /\(\s*\*\s*max_entries\s*\)\s*\[\s*(\d+)\s*\]/.exec(body)?.[1];
  const key = /__typeof__\(([^;]*)\)\s*\*\s*key\b/.exec(body)?.[1] ?? 'struct';
  const count = (call: string): number => [...source.matchAll(new RegExp(`\\b${call}\\s*\\(\\s*(?:\\(\\s*void\\s*\\*\\s*\\)\\s*)?(?:&\\s*${name}\\b|(?!\\s*&)(?!\\s*void\\b))`, 'g'))].length;
  return { name, kind, plain: !/struct|union|\[/.test(key), entries: entries === undefined ? undefined : Number(entries), uses: { looks: count('bpf_map_lookup_elem') + count('kgent_entry_value') + count('kgent_entry_present'), puts: count('bpf_map_update_elem') } };
}

/** Whether addresses of the kernel's objects are compared with each other, or kept. */
function addressesMatter({ document }: CAnalysis): boolean {
  return /__type\(\s*(?:key|value)\s*,\s*(?:const\s+)?struct\s+\w+\s*\*\s*\)|\((?:__)?u64\)\s*(?:sk|skb|req|rq|task|t|p|dentry|inode|file)\b|\(unsigned long(?: long)?\)\s*(?:sk|skb|req|rq|task|t|p|dentry|inode|file)\b/.test(document.text);
}

/** Prepares the objects that programs have pointers to; what is wrong when one of them cannot be prepared. */
function usedObjects(analysis: CAnalysis, source: string, objects: Objects): string | undefined {
  for (const { fn } of analysis.programs) {
    const byWord = fn.macro !== undefined;
    if (byWord) for (const { type } of fn.params) { const to = pointedTo(type); if (to !== undefined) objects.use(to); }
    const [context] = fn.params;
    if (byWord || !context || /^(?:const\s+)?void\s*\*$/.test(context.type)) continue;
    const to = pointedTo(context.type);
    if (to === undefined || analysis.declared.has(to) || !analysis.inventory.types.struct(to)) return `the context ${context.type} of ${fn.name} has no model`;
  }
  if (/\bbpf_get_current_task(?:_btf)?\s*\(/.test(source) && !objects.use('task_struct')) return 'struct task_struct is not known';
  return undefined;
}
