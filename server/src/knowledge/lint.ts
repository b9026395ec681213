import { parametersOf } from './parameters.ts';
import { prototypeOf, type KernelTables } from './prototypes.ts';
import type { Spec } from './schema.ts';

/** What a spec is held against. */
export interface Known {
  /** The newest first. */
  readonly kernels: readonly KernelTables[];
  /** Of all specs. */
  readonly ids: ReadonlySet<string>;
}

const PLACEHOLDER = /\b(?:TODO|TBD|FIXME|lorem|placeholder)\b/i;
/** `p != NULL`: true of nearly every pointer, so it tells nothing. */
const ONLY_NOT_NULL = /^\(?\s*[\w>.-]+\s*!=\s*(?:NULL|0|nullptr)\s*\)?$/;
/** Words of a sentence have no place in a condition. */
const PROSE = /\b(?:is|must|the|not|valid|should)\b/;
/** Part of a function, or of a kernel built otherwise. */
const VARIANT = /\.(?:isra|constprop|part|cold)\b|\+\d+$/;

/** What is wrong with a spec beyond its shape, which the schema judges. Empty for a good one. */
export function mistakesOf(spec: Spec, known: Known): string[] {
  const texts = [spec.summary, spec.meaning, ...spec.caveats, ...spec.words, ...spec.args.map(({ meaning }) => meaning), spec.returns?.meaning ?? ''];
  const mistakes = texts.filter((text) => PLACEHOLDER.test(text)).map((text) => `a placeholder: ${text}`);
  if (spec.summary.endsWith('.')) mistakes.push('the summary ends with a full stop');
  if (spec.kind === 'attach-point' && !(spec.context && spec.heat)) mistakes.push('it does not say in which context it fires, or how often');
  mistakes.push(...conditionMistakes(spec));
  if (spec.kind === 'topic') mistakes.push(...topicMistakes(spec, known));
  else if (spec.kind === 'attach-point' || spec.kind === 'kfunc' || spec.kind === 'field') mistakes.push(...prototypeMistakes(spec, known));
  for (const id of spec.alternatives) if (!exists(id, known)) mistakes.push(`there is no alternative ${id}`);
  return mistakes;
}

function conditionMistakes({ pre, post }: Spec): string[] {
  const conditions = [...pre, ...post];
  const broken = conditions.filter((condition) => PROSE.test(condition) || condition.split('(').length !== condition.split(')').length);
  const empty = conditions.length > 0 && conditions.every((condition) => ONLY_NOT_NULL.test(condition)) && pre.length > 1;
  return [...broken.map((condition) => `no condition: ${condition}`), ...(empty ? [`conditions that only say != NULL: ${conditions.join(', ')}`] : [])];
}

function topicMistakes({ words, points = [] }: Spec, known: Known): string[] {
  const mistakes = points.filter((point) => !exists(point, known)).map((point) => `there is no ${point}`);
  if (points.length < 3) mistakes.push(`only ${points.length} points`);
  if (words.length < 3) mistakes.push(`only ${words.length} phrases`);
  if (new Set(points).size !== points.length) mistakes.push('a point twice');
  return mistakes;
}

/** The prototype is that of a kernel, and each of its parameters is described, under its name. */
function prototypeMistakes(spec: Spec, { kernels }: Known): string[] {
  const actual = prototypeOf(spec, kernels);
  if (actual === undefined) return [];
  const mistakes = kernels.some((kernel) => prototypeOf(spec, [kernel]) === spec.proto) ? [] : [`the prototype is ${actual}`];
  if (spec.kind === 'field') return mistakes;
  const names = parametersOf(actual).map(({ name }) => name).filter((name) => name !== '');
  const told = new Set(spec.args.map(({ name }) => name));
  mistakes.push(...names.filter((name) => !told.has(name)).map((name) => `${name} is not described`));
  // What a kretprobe sees besides.
  if (/^(?:kretprobe|fexit):/.test(spec.id)) names.push('retval');
  return [...mistakes, ...[...told].filter((name) => !names.includes(name)).map((name) => `there is no ${name}`)];
}

/** As a spec, or as an attach point of one of the kernels. */
function exists(id: string, { ids, kernels }: Known): boolean {
  if (ids.has(id) || !/^(?:kprobe|kretprobe|fentry|fexit|tracepoint):/.test(id)) return ids.has(id) || /^(?:uprobe|uretprobe|usdt|profile|interval|software|hardware|BEGIN|END|SEC\()/.test(id);
  return prototypeOf({ id, kind: 'attach-point' }, kernels) !== undefined || VARIANT.test(id);
}
