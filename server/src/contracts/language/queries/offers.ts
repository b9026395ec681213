import { printCType } from '../../../kernel/ctype.ts';
import type { Analysis, AttachPointInfo, ProbeInfo } from '../../../language/bpftrace/analysis/analysis.ts';
import { children } from '../../../language/bpftrace/syntax/walk.ts';
import type { Node } from '../../../language/bpftrace/syntax/ast.ts';
import { everyExpr } from '../ast.ts';
import { readExpression } from '../parse/parse.ts';

/** A contract that may be added above a probe. `clause` is a snippet, without its `//@`. */
export interface Offer {
  readonly clause: string;
  readonly why: string;
}

/** What the knowledge base says of an attach point, with the names of its parameters or fields. */
export type ConditionsOf = (id: string) => { readonly pre: readonly string[]; readonly post: readonly string[] } | undefined;

/** Contracts for a probe: what is known of its attach points, then forms to be filled in. */
export function offersFor(analysis: Analysis, probe: ProbeInfo, conditionsOf: ConditionsOf): Offer[] {
  const known = probe.attachPoints.flatMap((point) => ofPoint(analysis, point, conditionsOf));
  const forms: Offer[] = [
    { clause: 'requires ${1:pid > 0}', why: 'What holds when the probe is entered' },
    { clause: 'ensures ${1:@map[tid] > 0}', why: 'What holds when it is left' },
    ...mapsOf(probe.probe).map((name): Offer => ({ clause: `invariant ${name}[\${1:k}] : \${2:${name}[k] > 0}`, why: `What every entry of ${name} keeps` })),
  ];
  return unique([...known, ...forms]);
}

function ofPoint(analysis: Analysis, point: AttachPointInfo, conditionsOf: ConditionsOf): Offer[] {
  const id = [point.provider, ...point.parts].join(':');
  const found = conditionsOf(id);
  if (!found) return [];
  const names = namesOf(analysis, point);
  const written = (keyword: string, conditions: readonly string[]): Offer[] => conditions.flatMap((condition) => {
    const text = inProgram(condition, names);
    return text === undefined ? [] : [{ clause: `${keyword} ${text.replaceAll('$', '\\$')}`, why: `The knowledge base says so of ${id}` }];
  });
  // An entry probe does not see what holds later; a return probe does not see the arguments any more.
  return point.provider === 'kretprobe' || point.provider === 'fexit' ? written('requires', found.post) : written('requires', found.pre);
}

/** How a probe writes the names of its attach point. */
function namesOf({ options: { inventory } }: Analysis, { provider = '', parts }: AttachPointInfo): ReadonlyMap<string, string> {
  const params = provider === 'tracepoint' ? [] : (inventory.func(parts.at(-1) ?? '')?.proto.params ?? []);
  const named = params.map((param, i): [string, string] => [param.name, provider === 'kprobe' ? `((${printCType(param.type())})arg${i})` : `args.${param.name}`]);
  const fields = provider === 'tracepoint' ? (inventory.tracepoint(parts[0] ?? '', parts[1] ?? '')?.fields ?? []) : [];
  const retval: [string, string][] = /^(?:kretprobe|fexit)$/.test(provider) ? [['retval', 'retval']] : [];
  return new Map([...named, ...fields.map(({ name }): [string, string] => [name, `args.${name}`]), ...retval]);
}

/** A condition with the names of the program; undefined when it says something a probe cannot. */
function inProgram(condition: string, names: ReadonlyMap<string, string>): string | undefined {
  const { expr, problems } = readExpression(condition, 'c');
  if (problems.length > 0) return undefined;
  let text = condition;
  for (const node of everyExpr(expr).toReversed()) {
    if (node.kind === 'call' && /^(?:held|readable|writable)$/.test(node.callee.text)) return undefined;
    if (node.kind !== 'identifier') continue;
    const name = names.get(node.name);
    if (name === undefined && !/^[A-Z_][A-Z\d_]*$/.test(node.name)) return undefined;
    text = text.slice(0, node.start) + (name ?? node.name) + text.slice(node.end);
  }
  return text;
}

/** Maps with keys in a probe, in order. */
function mapsOf(root: Node): string[] {
  const found = new Set<string>();
  const waiting: Node[] = [root];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    if (at.kind === 'map' && at.keys !== undefined) found.add(at.name);
    waiting.push(...children(at).toReversed());
  }
  return [...found];
}

function unique(offers: readonly Offer[]): Offer[] {
  return offers.filter(({ clause }, i) => offers.findIndex((other) => other.clause === clause) === i);
}
