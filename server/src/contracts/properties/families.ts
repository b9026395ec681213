import { findField } from '../../kernel/ctype.ts';
import type { Call, Expr, Field } from '../../language/bpftrace/syntax/ast.ts';
import { bare } from '../../language/bpftrace/syntax/walk.ts';
import { recordOf } from '../../language/bpftrace/queries/record.ts';
import { originOf } from '../../language/bpftrace/lints/flow.ts';
import { directives } from '../../language/bpftrace/lints/format.ts';
import type { ProbeView, UseOf } from '../../language/bpftrace/lints/view.ts';
import { outerOf, siteAt, textOf, type Ground } from './ground.ts';
import { answersOf, type Answers } from './memory.ts';
import { AF_INET6, functionsSeeBoth, SOCKET_FIELDS } from './sockets.ts';
import type { Condition, Properties, Site } from './site.ts';

/**
 * `address-families`: an address of one family shown where a socket of the other may come along. IPv4 and IPv6 are the only families with such addresses, so the condition
 * is that the socket is not of the other one. Tracepoints write IPv4 addresses into their IPv6 fields, too: those are right for both.
 */
export function families(ground: Ground, probe: ProbeView): Properties {
  if (!seesBoth(probe)) return { sites: [], memories: [] };
  const answers = answersOf(probe, { name: 'of its family', within, answer: (at) => addressOf(ground, probe, at) });
  const shown = probe.of('call').flatMap(({ expr }) => shownBy(expr).flatMap((value) => sites(probe, answers, value)));
  const kept = probe.of('map').flatMap((use) => keptIn(probe, answers, use));
  const found = new Map([...shown, ...kept].map((site) => [site.node, site]));
  return { sites: [...found.values()], memories: answers.memories };
}

function sites(probe: ProbeView, answers: Answers, value: Expr): Site[] {
  return answers.leaves(value).map(({ node, condition }) => siteAt('address-families', probe, node, condition, `the socket is of the family that ${textOf(probe, node)} is an address of`));
}

/** What ends in the output. */
function shownBy(call: Call): Expr[] {
  const printed = call.callee.text === 'print' ? call.args.slice(0, 1) : directives(call).flatMap(({ argument }) => argument ?? []);
  return printed.flatMap((value) => {
    const at = bare(value);
    return at.kind === 'tuple' ? at.elements : [at];
  }).filter((value) => value.kind !== 'map');
}

/** Keys, and texts of addresses that are kept. */
function keptIn(probe: ProbeView, answers: Answers, use: UseOf<'map'>): Site[] {
  const outer = outerOf(use);
  const target = outer?.kind === 'assign' && bare(outer.target) === use.expr ? outer : undefined;
  const counted = target ?? (outer?.kind === 'update' ? outer : undefined);
  const text = target && bare(target.value).kind === 'call' ? sites(probe, answers, target.value) : [];
  return [...(counted ? (use.expr.keys ?? []).flatMap((key) => sites(probe, answers, key)) : []), ...text];
}

/** The address that a text shows. */
function within(expr: Expr): Expr {
  return expr.kind === 'call' && expr.callee.text === 'ntop' ? (expr.args.at(-1) ?? expr) : expr;
}

/** The condition under which an expression is an address that means something; undefined for what is none. */
function addressOf(ground: Ground, probe: ProbeView, expr: Expr): Condition | undefined {
  if (expr.kind !== 'field') return undefined;
  const record = recordOf(ground.analysis.typeOf(expr.object));
  const name = expr.name.text;
  const known = Object.hasOwn(SOCKET_FIELDS, name) ? SOCKET_FIELDS[name] : undefined;
  if (record && known && findField(record.struct, name)) return askedElsewhere(ground, probe, expr, known.path) ? undefined : { kind: 'field-not', object: expr.object, path: known.path, value: known.other };
  if (record?.args && findField(record.struct, `${name}_v6`) && findField(record.struct, 'family')) return { kind: 'field-not', object: expr.object, path: ['family'], value: AF_INET6 };
  if (record && (name === 'saddr' || name === 'daddr') && HEADERS.has(record.struct.name)) return asksForVersion(probe) ? undefined : { kind: 'field-not', object: expr.object, path: ['version'], value: record.struct.name === 'iphdr' ? 6n : 4n };
  // The bytes of an IPv6 address stand two structs deeper.
  return /^(?:in6_u|u6_addr\w*)$/.test(name) ? addressOf(ground, probe, bare(expr.object)) : undefined;
}

/** Whether the program finds out about the family in another way than by the socket's own field here: of the event, of another type of socket, when the socket was kept. */
function askedElsewhere({ view }: Ground, probe: ProbeView, address: Field, path: readonly string[]): boolean {
  const plain = (one: ProbeView, expr: Expr): string => one.textOf(expr).replaceAll('->', '.');
  const own = `${plain(probe, address.object)}.${path.join('.')}`;
  const asked = familiesRead(probe).map((field) => plain(probe, field));
  if (asked.length > 0 && !asked.includes(own)) return true;
  let root: Expr = address;
  while (root.kind === 'field') root = bare(root.object);
  const use = probe.uses.find(({ expr }) => expr === root);
  const origin = use ? originOf(probe, root, use.order) : root;
  return origin.kind === 'map' && (view.maps.get(origin.name) ?? []).some((one) => one.role === 'write' && familiesRead(one.probe).length > 0);
}

/** Headers of packets, whose version says what they are. */
const HEADERS = new Set(['iphdr', 'ipv6hdr']);

/** What is asked of the version's own field is proved; of protocols and offsets in other places nothing is known here. */
function asksForVersion(probe: ProbeView): boolean {
  return probe.of('field').some(({ expr }) => /protocol|proto$|family$|nexthdr/.test(expr.name.text));
}

function familiesRead(probe: ProbeView): Field[] {
  return probe.of('field').flatMap(({ expr }) => (/family$/.test(expr.name.text) ? [expr] : []));
}

const FUNCTIONS = new Set(['kprobe', 'kretprobe', 'fentry', 'fexit']);

/** Whether sockets of both families pass through: not through functions of one family alone, and of others nothing is known. */
function seesBoth({ points }: ProbeView): boolean {
  if (points.some(({ provider }) => /^(?:raw)?tracepoint$|^iter$/.test(provider))) return true;
  return functionsSeeBoth(points.flatMap(({ provider, parts }) => (FUNCTIONS.has(provider) ? [parts.at(-1) ?? ''] : [])));
}
