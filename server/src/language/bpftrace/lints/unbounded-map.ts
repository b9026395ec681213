import { atLeast } from '../../../base/version.ts';
import type { Problem, SpanRepair } from '../problem.ts';
import type { Expr } from '../syntax/ast.ts';
import { isBuiltin, structOf } from './fields.ts';
import { originOf } from './flow.ts';
import type { MapUse } from './maps.ts';
import type { ProbeView, View } from './view.ts';

/**
 * `unbounded-map`: what is remembered by thread, process or object and never forgotten. Maps that only count or are
 * only printed are results, not memory, and are left alone.
 */
export function unboundedMap(view: View): readonly Problem[] {
  // In a text that could not be read to the end, the `delete` may be what is missing.
  if (!view.readable) return [];
  const evicting = new Set(view.analysis.document.items.flatMap(({ item }) => (item.kind === 'map-decl' && /lru/.test(item.type.text) ? [item.map.name] : [])));
  const handed = handedToMacros(view);
  return [...view.maps].flatMap(([name, uses]) => {
    const [first, ...more] = uses.filter((u) => u.role === 'write' && u.keys.some((key) => endless(view, key, originOf(u.probe, key, u.use.order))));
    const forgotten = uses.some((u) => ['delete', 'clear', 'handed', 'print', 'loop'].includes(u.role));
    if (!first || forgotten || evicting.has(name) || handed.has(name) || !uses.some((u) => u.role === 'read')) return [];
    const key = first.keys.map((k) => first.probe.sourceOf(k)).join(', ');
    return [{
      code: 'unbounded-map' as const, severity: 'warning' as const, span: first.probe.at(first.access.nameSpan), repairs: [...forget(uses), ...evict(view, name)],
      message: `\`${name}\` gets an entry for every \`${key}\`, and none is ever deleted: at 4096 keys it is full and drops new ones. Call \`delete(${first.probe.sourceOf(first.access)})\` after its use.`,
      evidence: more.slice(0, 3).map((u) => ({ span: u.probe.at(u.access), message: 'It is written here too.' })),
    }];
  });
}

/** Deletes the entry where a call ends, when that is the only place that reads it. */
function forget(uses: readonly MapUse[]): SpanRepair[] {
  const reads = uses.filter((u) => u.role === 'read' || u.role === 'ask');
  const [last] = reads;
  const end = last?.probe.info.probe.body.statements.at(-1);
  if (!last || !end || reads.some((u) => u.probe !== last.probe) || !last.probe.points.every(isReturn)) return [];
  const { probe } = last;
  const gap = /^\s*;/.exec(probe.sourceOf({ start: end.end, end: probe.info.probe.body.end }))?.[0].length ?? 0;
  const at = probe.at({ start: end.end + gap, end: end.end + gap });
  const before = probe.sourceOf({ start: probe.info.probe.body.start, end: end.start });
  const indent = /\n[ \t]*$/.exec(before)?.[0] ?? ' ';
  const ended = gap > 0 || /[;}]$/.test(probe.sourceOf(end));
  return [{ title: `Delete ${probe.sourceOf(last.access)} when the call ends`, sure: false, edits: [{ span: at, newText: `${ended ? '' : ';'}${indent}delete(${probe.sourceOf(last.access)});` }] }];
}

function isReturn({ provider, parts }: ProbeView['points'][number]): boolean {
  return ['kretprobe', 'uretprobe', 'fexit'].includes(provider) || (provider === 'tracepoint' && /^sys_exit(?:_|$)|_(?:complete|done|end|exit|free|destroy)$/.test(parts[1] ?? ''));
}

/** Lets the map forget what is not used for longest; declared before its first use. Declarations need no leave since 0.27 (0.17 has none). */
function evict(view: View, name: string): SpanRepair[] {
  const first = view.maps.get(name)?.[0]?.probe;
  if (!first || !atLeast(view.analysis.options.version, 0, 27) || view.analysis.document.items.some(({ item }) => item.kind === 'map-decl' && item.map.name === name)) return [];
  const at = first.info.placed.start;
  return [{ title: `Let ${name} drop its oldest entries`, sure: false, edits: [{ span: { start: at, end: at }, newText: `let ${name} = lruhash(4096);\n` }] }];
}

/** Keys of which there is no end: threads, processes, addresses, sockets, places on a disk. */
function endless(view: View, key: Expr, at: Expr): boolean {
  if (isBuiltin(at, 'tid') || isBuiltin(at, 'pid')) return true;
  if (at.kind === 'identifier' && /^arg\d$/.test(at.name)) return true;
  if (at.kind === 'field' && structOf(view.analysis.typeOf(at.object))?.args === true && ENDLESS_ARGS.test(at.name.text)) return true;
  return SHORT_LIVED.has(structOf(view.analysis.typeOf(key))?.struct.name ?? '');
}

/** Fields of tracepoints: processes, packets, sockets, sectors. */
const ENDLESS_ARGS = /^(?:(?:\w+_)?pid|skbaddr|skaddr|(?:\w+_)?sector|page|pfn|ptr)$/;

/** Objects of which a kernel makes and frees any number. */
const SHORT_LIVED = new Set(['sock', 'socket', 'tcp_sock', 'sk_buff', 'request', 'bio', 'file', 'inode', 'dentry', 'page', 'folio', 'task_struct', 'work_struct', 'kiocb', 'iov_iter', 'msghdr', 'filename', 'linux_binprm', 'request_sock']);

/** Maps given to anything by their bare name where that anything is not a function of bpftrace. */
function handedToMacros(view: View): ReadonlySet<string> {
  const macros = new Set(view.analysis.shared.items.flatMap((item) => (item.kind === 'macro' ? [item.name.text] : [])));
  return new Set(view.probes.flatMap((p) => p.of('call').flatMap(({ expr }) => (macros.has(expr.callee.text) ? expr.args.flatMap((a) => (a.kind === 'map' ? [a.name] : [])) : []))));
}
