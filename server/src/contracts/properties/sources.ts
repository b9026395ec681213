import { findField } from '../../kernel/ctype.ts';
import type { Analysis, AttachPointInfo, ProbeInfo } from '../../language/bpftrace/analysis/analysis.ts';
import type { Field } from '../../language/bpftrace/syntax/ast.ts';
import { specsOf } from '../../language/bpftrace/queries/described.ts';
import { specIds } from '../../language/bpftrace/queries/hover/kernel.ts';
import { recordOf } from '../../language/bpftrace/queries/record.ts';
import type { Facts, ValueFacts } from './facts.ts';
import { qualityOf } from './declared.ts';
import { HOST, joined, NOTHING, type Quality } from './quality.ts';
import { unitOfConstant } from './promises.ts';
import { unit } from './units.ts';

/** What values are where they come into a program. */
export interface Sources {
  readonly analysis: Analysis;
  readonly facts: Facts;
  /** Numbers the program defines by name. */
  readonly constants: ReadonlyMap<string, bigint>;
}

export function sourcesOf(analysis: Analysis, facts: Facts): Sources {
  const constants = new Map<string, bigint>();
  for (const { item } of analysis.document.items) {
    const number = item.kind === 'directive' && item.name === 'define' ? /^\(?(0x[\da-f]+|\d+)U?L{0,2}\)?$/i.exec(item.value?.trim() ?? '')?.[1] : undefined;
    if (number !== undefined && item.kind === 'directive' && item.subject) constants.set(item.subject.text, BigInt(number));
  }
  return { analysis, facts, constants };
}

const host: Quality = { order: HOST };
const WORDS: Readonly<Record<string, Quality>> = {
  nsecs: { order: HOST, unit: unit('ns') }, elapsed: { order: HOST, unit: unit('ns') }, jiffies: { order: HOST, unit: unit('jiffies') },
  pid: host, tid: host, uid: host, gid: host, cpu: host, cgroup: host, ncpus: host, rand: host, ppid: host, numaid: host,
};

/** A bare word: a builtin, a constant, an argument. */
export function qualityOfWord(sources: Sources, info: ProbeInfo, name: string): Quality {
  const defined = sources.constants.get(name);
  const measure = defined === undefined ? undefined : unitOfConstant(name, defined);
  if (defined !== undefined) return { constant: defined, ...(measure && { unit: measure }) };
  if (Object.hasOwn(WORDS, name)) return WORDS[name] ?? NOTHING;
  if (name === 'retval') return ofAll(info, (point) => ofResult(sources, point));
  const argument = /^arg(\d)$/.exec(name)?.[1];
  if (argument !== undefined) return ofAll(info, (point) => ofArgument(sources, point, Number(argument)));
  const constant = sources.analysis.options.inventory.types.enumerator(name)?.value;
  return constant === undefined ? NOTHING : { constant };
}

function ofAll(info: ProbeInfo, each: (point: AttachPointInfo) => Quality): Quality {
  const [first, ...more] = info.attachPoints.map(each);
  return first ? more.reduce(joined, first) : NOTHING;
}

const FUNCTIONS = new Set(['kprobe', 'kretprobe', 'fentry', 'fexit']);

function ofResult({ analysis, facts }: Sources, point: AttachPointInfo): Quality {
  if (!point.provider || !FUNCTIONS.has(point.provider)) return NOTHING;
  const proto = analysis.options.inventory.func(point.parts.at(-1) ?? '')?.proto;
  return qualityOf(proto?.returns(), valueOf(facts, point, 'retval'));
}

function ofArgument({ analysis, facts }: Sources, point: AttachPointInfo, index: number): Quality {
  const param = point.provider === 'kprobe' ? analysis.options.inventory.func(point.parts.at(-1) ?? '')?.proto.params[index] : undefined;
  return param ? qualityOf(param.type(), valueOf(facts, point, param.name)) : NOTHING;
}

function valueOf(facts: Facts, { provider, parts }: AttachPointInfo, name: string): ValueFacts | undefined {
  return provider === undefined ? undefined : specsOf(provider, parts).map((id) => facts.value(id, name)).find((found) => found !== undefined);
}

/** A field of a struct, or an argument read from `args`. */
export function qualityOfField(sources: Sources, info: ProbeInfo, node: Field): Quality {
  const { analysis, facts } = sources;
  const record = recordOf(analysis.typeOf(node.object));
  const field = record && findField(record.struct, node.name.text);
  if (!record || !field) return NOTHING;
  if (record.args) return ofAll(info, (point) => qualityOf(field.type(), valueOf(facts, point, node.name.text)));
  return qualityOf(field.type(), specIds(analysis, node).map((id) => facts.value(id)).find((found) => found !== undefined));
}
