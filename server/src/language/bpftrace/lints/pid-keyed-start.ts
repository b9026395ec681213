import type { Problem } from '../problem.ts';
import { isBuiltin, valueOf } from './fields.ts';
import { idAt } from './id-keys.ts';
import type { MapUse } from './maps.ts';
import type { ProbeView, View } from './view.ts';

/** `pid-keyed-start`: a start time kept by process between entry and return, which threads of one process overwrite. */
export function pidKeyedStart(view: View): readonly Problem[] {
  return [...view.maps].flatMap(([name, uses]) => {
    const start = uses.find((u) => u.role === 'write' && pidAt(u) !== undefined && u.value && isBuiltin(valueOf(u.value), 'nsecs'));
    const position = start && pidAt(start);
    const end = start && uses.find((u) => u.role === 'read' && pidAt(u) === position && pairs(start.probe, u.probe));
    if (!start || !end || position === undefined) return [];
    const keyed = uses.filter((u) => idAt(u, position) === 'pid').flatMap((u) => (u.keys[position] ? [{ span: u.probe.at(u.keys[position]), newText: 'tid' }] : []));
    return [{
      code: 'pid-keyed-start' as const, severity: 'warning' as const, span: start.probe.at(start.access),
      message: `\`${name}\` keeps one start for a whole process: two threads in the call at once overwrite each other's, and the times come out wrong. Key it by \`tid\`.`,
      evidence: [{ span: end.probe.at(end.access), message: 'The time is taken from it here.' }],
      repairs: [{ title: 'Key it by tid', sure: false, edits: keyed }],
    }];
  });
}

/** Which part of the key is `pid`, when no other part tells the threads of a process apart. */
function pidAt(u: MapUse): number | undefined {
  const position = u.keys.findIndex((_, i) => idAt(u, i) === 'pid');
  return position < 0 || !u.keys.every((key, i) => i === position || OF_PROCESS.some((name) => isBuiltin(valueOf(key), name))) ? undefined : position;
}

/** What is the same for all threads of a process, or nearly always. */
const OF_PROCESS = ['comm', 'uid', 'gid', 'username', 'cgroup', 'probe', 'func'];

const RETURN_OF: Readonly<Record<string, string>> = { kprobe: 'kretprobe', uprobe: 'uretprobe', fentry: 'fexit' };

/** Whether one probe is the entry of a call whose return is the other. */
function pairs(entry: ProbeView, end: ProbeView): boolean {
  return entry.points.some((a) => end.points.some((b) => {
    if (a.provider === 'tracepoint') return b.provider === 'tracepoint' && a.parts[0] === 'syscalls' && a.parts[1]?.replace('sys_enter_', '') === b.parts[1]?.replace('sys_exit_', '');
    return RETURN_OF[a.provider] === b.provider && a.parts.join(':') === b.parts.join(':');
  }));
}
