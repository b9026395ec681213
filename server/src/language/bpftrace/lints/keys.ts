import type { Problem } from '../problem.ts';
import { isBuiltin, valueOf } from './fields.ts';
import type { MapUse } from './maps.ts';
import type { ProbeView, View } from './view.ts';

type Id = 'pid' | 'tid';

/** `mixed-keys`: a map written by thread and read by process, or the other way round. */
export function mixedKeys(view: View): readonly Problem[] {
  return [...view.maps].flatMap(([name, uses]) => {
    const writes = uses.filter((u) => (u.role === 'write' || u.role === 'count') && idOf(u) !== undefined);
    const [first] = writes;
    const written = first && idOf(first);
    if (!first || written === undefined || writes.some((u) => idOf(u) !== written)) return [];
    return uses.filter((u) => ['read', 'delete', 'ask'].includes(u.role) && idOf(u) === other(written)).map((u) => mixed(name, u, first, written));
  });
}

function mixed(name: string, u: MapUse, first: MapUse, written: Id): Problem {
  const [key] = u.keys;
  const span = u.probe.at(key ?? u.access);
  return {
    code: 'mixed-keys', severity: 'warning', span,
    message: `\`${name}\` is written by \`${written}\` and looked up by \`${other(written)}\` here: they are the same number only for a process's first thread.`,
    evidence: [{ span: first.probe.at(first.access), message: `It is written by \`${written}\` here.` }],
    repairs: [{ title: `Look it up by ${written}`, sure: false, edits: [{ span, newText: written }] }],
  };
}

/** `pid-keyed-start`: a start time kept by process between entry and return, which threads of one process overwrite. */
export function pidKeyedStart(view: View): readonly Problem[] {
  return [...view.maps].flatMap(([name, uses]) => {
    const start = uses.find((u) => u.role === 'write' && idOf(u) === 'pid' && u.value && isBuiltin(valueOf(u.value), 'nsecs'));
    const end = start && uses.find((u) => u.role === 'read' && idOf(u) === 'pid' && pairs(start.probe, u.probe));
    if (!start || !end) return [];
    const keyed = uses.filter((u) => idOf(u) === 'pid').flatMap((u) => (u.keys[0] ? [{ span: u.probe.at(u.keys[0]), newText: 'tid' }] : []));
    return [{
      code: 'pid-keyed-start' as const, severity: 'warning' as const, span: start.probe.at(start.access),
      message: `\`${name}\` keeps one start for a whole process: two threads in the call at once overwrite each other's, and the times come out wrong. Key it by \`tid\`.`,
      evidence: [{ span: end.probe.at(end.access), message: 'The time is taken from it here.' }],
      repairs: [{ title: 'Key it by tid', sure: false, edits: keyed }],
    }];
  });
}

function other(id: Id): Id {
  return id === 'pid' ? 'tid' : 'pid';
}

/** The one key, when it is exactly `pid` or `tid`. */
function idOf(u: MapUse): Id | undefined {
  const [key, ...more] = u.keys;
  if (!key || more.length > 0) return undefined;
  const at = valueOf(key);
  return (['pid', 'tid'] as const).find((id) => isBuiltin(at, id));
}

const RETURN_OF: Readonly<Record<string, string>> = { kprobe: 'kretprobe', uprobe: 'uretprobe', fentry: 'fexit' };

/** Whether one probe is the entry of a call whose return is the other. */
function pairs(entry: ProbeView, end: ProbeView): boolean {
  return entry.points.some((a) => end.points.some((b) => {
    if (a.provider === 'tracepoint') return b.provider === 'tracepoint' && a.parts[0] === 'syscalls' && a.parts[1]?.replace('sys_enter_', '') === b.parts[1]?.replace('sys_exit_', '');
    return RETURN_OF[a.provider] === b.provider && a.parts.join(':') === b.parts.join(':');
  }));
}
